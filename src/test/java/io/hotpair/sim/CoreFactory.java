package io.hotpair.sim;

import io.hotpair.core.CoreConfig;
import io.hotpair.core.CorePorts;
import io.hotpair.core.OnSilence;
import io.hotpair.core.PairCore;
import io.hotpair.core.Reject;
import io.hotpair.core.port.Checkpoint;
import io.hotpair.wire.HmacSeal;
import io.hotpair.wire.Seal;

/** Puts the production core on a simulated board. The only class that knows both. */
final class CoreFactory implements SimNode.Factory {
    private static final byte[] KEY = "the pair key of the simulated pair".getBytes(java.nio.charset.StandardCharsets.US_ASCII);


    static CoreConfig config(Profile p, int board) {
        long i = p.intervalNs;
        OnSilence onSilence = p.policy == Profile.TAKEOVER ? OnSilence.TAKEOVER : p.policy == Profile.HOLD ? OnSilence.HOLD : OnSilence.INTERLOCK;
        return new CoreConfig(board, p.groups, onSilence, i, p.misses, p.leaseNs(), i / 4, p.arbitrationNs, p.settleNs(), p.settleMaxNs(),
                p.checkpointIntervalNs(), new long[] {i, i, i, i}, 10, p.voluntaryChanges, p.dampingWindowNs);
    }

    @Override
    public SimNode start(Profile profile, Board board, int bootId, long startNs) {
        World world = board.world;
        Seal[] seals = new Seal[3];
        for (int c = 0; c < 3; c++) {
            seals[c] = world.seal(c);
        }
        BoardPorts p = board.ports;
        CorePorts ports = new CorePorts(p.frameChannels, seals, p.pulse, new Checkpoint[] {p.checkpoints[0], p.checkpoints[1]}, board.disk,
                p.gate, board.replica, p.conditions, p.orders, p.interlock, p.watchdog, p.identity, p.events);
        return new Node(new PairCore(config(profile, board.id), ports, bootId, startNs));
    }

    /** The seals of a world that uses the real ones. */
    static Seal realSeal(int channel) {
        return channel == Net.UART ? new io.hotpair.wire.Crc32cSeal() : new HmacSeal(KEY);
    }

    private record Node(PairCore core) implements SimNode {
        @Override
        public void onFrame(int channel, byte[] buffer, int offset, int lengthBytes, long nowNs) {
            core.onFrame(channel, buffer, offset, lengthBytes, nowNs);
        }

        @Override
        public String rejects() {
            StringBuilder s = new StringBuilder();
            for (Reject cause : Reject.values()) {
                s.append(cause).append(' ').append(core.rejected(cause)).append(' ');
            }
            return s.toString();
        }

        @Override
        public long missedFrames(int channel) {
            return core.missedFrames(channel);
        }

        @Override
        public long doWork(long nowNs) {
            return core.doWork(nowNs);
        }

        @Override
        public boolean gateOpen(int group, long nowNs) {
            return core.gateOpen(group, nowNs);
        }

        @Override
        public int role(int group) {
            return core.role(group).ordinal();
        }

        @Override
        public long term(int group) {
            return core.term(group);
        }

        @Override
        public boolean alone(long nowNs) {
            return core.alone(nowNs);
        }

        @Override
        public boolean peerAlive(long nowNs) {
            return core.peerAlive(nowNs);
        }

        @Override
        public boolean stopped(long nowNs) {
            return core.stopped(nowNs);
        }
    }
}
