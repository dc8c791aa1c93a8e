/** Wires one board together: configuration, duty cycle, counters file, helper threads. The only place that knows core and drivers. */
package io.hotpair.node;
