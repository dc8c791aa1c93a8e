package io.hotpair.sim;

/** A board's core as the simulator sees it: the production core behind an adapter, or a toy. */
interface SimNode {
    void onFrame(int channel, byte[] buffer, int offset, int lengthBytes, long nowNs);

    long doWork(long nowNs);

    boolean gateOpen(int group, long nowNs);

    /** Ordinal of the role, as it stands in a frame. */
    int role(int group);

    long term(int group);

    boolean stopped(long nowNs);

    /** Whether it may count on being without its peer. */
    boolean alone(long nowNs);

    /** Whether the peer is heard on any channel. */
    boolean peerAlive(long nowNs);

    /** Heartbeats of the peer that never came, by their sequence. */
    long missedFrames(int channel);

    /** What it has rejected so far, as text for a trace. */
    String rejects();

    /** Makes the node of a board that has just started. */
    interface Factory {
        SimNode start(Profile profile, Board board, int bootId, long startNs);
    }
}
