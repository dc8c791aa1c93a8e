/** The line of the common oscillator, which both boards see. */
package io.hotpair.drivers.syncline;
