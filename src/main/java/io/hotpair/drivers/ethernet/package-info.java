/** Heartbeat frames over Ethernet: one connected UDP socket per network. */
package io.hotpair.drivers.ethernet;
