package io.hotpair.lab;

/**
 * One output as the plant received it.
 *
 * @param receivedNs when the plant had it
 * @param board who sent it, 0 or 1
 * @param bootId the sender's boot
 * @param term the reign in which it was sent
 * @param number position in the pair's stream
 * @param sentNs when it was sent, on the same clock
 * @param replay whether the sender said that it may be a repetition
 */
public record Output(long receivedNs, int board, int bootId, long term, long number, long sentNs, boolean replay) {}
