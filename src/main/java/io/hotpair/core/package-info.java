/**
 * The pure heart of the pair: roles, terms, leases, the view of the peer, arbitration, join and handover.
 *
 * <p>No I/O, no clock, no thread, no randomness and, once constructed, no allocation. Everything happens in two calls of
 * {@link io.hotpair.core.PairCore}: {@code doWork(nowNs)} and {@code onFrame(channel, buffer, offset, lengthBytes, nowNs)}.
 */
package io.hotpair.core;
