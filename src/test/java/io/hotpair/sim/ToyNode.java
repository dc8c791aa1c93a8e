package io.hotpair.sim;

/** A node without any rules, to show that the checkers see what it does wrong. */
class ToyNode implements SimNode {
    private final Board board;
    private final byte[] frame = new byte[Net.SLOT_BYTES];
    private long nextNs;

    ToyNode(Board board, long startNs) {
        this.board = board;
        nextNs = startNs;
    }

    @Override
    public void onFrame(int channel, byte[] buffer, int offset, int lengthBytes, long nowNs) {
        // listens to nobody
    }

    @Override
    public long doWork(long nowNs) {
        board.disk.reserve(100);
        board.ports.gate.onGate(0, gateOpen(0, nowNs), term(0), nowNs);
        nextNs = nowNs + 1_000_000;
        return nextNs;
    }

    @Override
    public boolean gateOpen(int group, long nowNs) {
        return false;
    }

    @Override
    public int role(int group) {
        return WireView.ROLE_BOOT;
    }

    @Override
    public long term(int group) {
        return 0;
    }

    @Override
    public boolean stopped(long nowNs) {
        return false;
    }

    @Override
    public boolean alone(long nowNs) {
        return false;
    }

    @Override
    public boolean peerAlive(long nowNs) {
        return false;
    }

    @Override
    public long missedFrames(int channel) {
        return 0;
    }

    @Override
    public String rejects() {
        return "";
    }

    byte[] frame() {
        return frame;
    }
}
