/** GPIO lines: the pulse heartbeat, real and simulated. */
package io.hotpair.drivers.gpio;
