package io.hotpair.sync.identity;

/**
 * The end of one attempt.
 *
 * @param network 0 or 1
 * @param inbound whether the other end connected to this board
 * @param detail the circumstances in words, for a person
 * @param peerBootId of a verified peer, else 0
 * @param peer what a verified peer said, else null
 * @param atNs when it ended, monotonic clock
 */
public record IdentityResult(
        int network, boolean inbound, Outcome outcome, String detail, int peerBootId, IdentityMessage.Statement peer, long atNs) {}
