/** The wired serial line between the boards, a heartbeat path that needs no network. */
package io.hotpair.drivers.uart;
