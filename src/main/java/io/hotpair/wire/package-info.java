/** Frames as flyweights over preallocated buffers, and the seals that make them trustworthy. Pure: no I/O, clock or thread. */
package io.hotpair.wire;
