package io.hotpair.node;

import io.hotpair.core.CoreConfig;
import io.hotpair.core.CorePorts;
import io.hotpair.core.PairCore;
import io.hotpair.core.Role;
import io.hotpair.core.port.Checkpoint;
import io.hotpair.core.port.Fitness;
import io.hotpair.core.port.FrameChannel;
import io.hotpair.core.port.IdentityPort;
import io.hotpair.core.port.Operator;
import io.hotpair.core.port.PulseChannel;
import io.hotpair.core.port.TermStore;
import io.hotpair.wire.Crc32cSeal;
import io.hotpair.wire.HmacSeal;
import io.hotpair.wire.Seal;

/**
 * Before a board may lead it rehearses its promotion: two cores of the very classes that will run, joined by memory instead of wires and
 * driven by a made-up clock, start, follow and replace each other against outputs that go nowhere, until the code that a real takeover runs
 * is compiled.
 */
final class Rehearsal {
    private static final int FRAME_BYTES = 80;
    private static final int QUEUE_FRAMES = 256;
    private static final long REIGN_NS = 400_000_000L;

    private final CoreConfig[] configs = new CoreConfig[2];
    private final byte[] key;
    private final Actor[] actors = new Actor[2];
    private long nowNs;
    private int bootId;

    /** @param own the configuration of this board; the other actor gets the same with the other id */
    Rehearsal(CoreConfig own, byte[] key) {
        this.key = key;
        for (int board = 0; board < 2; board++) {
            configs[board] = new CoreConfig(board, own.groups(), own.onSilence(), own.intervalNs(), own.misses(), own.leaseNs(),
                    own.marginNs(), own.arbitrationNs(), own.settleNs(), own.settleMaxNs(), own.checkpointIntervalNs(),
                    own.channelIntervalNs(), own.handoverThreshold(), own.voluntaryChanges(), own.dampingWindowNs());
        }
    }

    /** Runs so many reigns; each ends with the death of the primary. Returns how many outputs were made. */
    long run(int reigns) {
        start(0);
        start(1);
        long outputs = 0;
        for (int reign = 0; reign < reigns; reign++) {
            long endNs = nowNs + REIGN_NS;
            while (nowNs - endNs < 0) {
                step();
            }
            int primary = actors[0].core.role(0) == Role.PRIMARY ? 0 : 1;
            outputs += actors[primary].stream.emitted(0);
            start(primary);
        }
        return outputs;
    }

    private void start(int board) {
        actors[board] = new Actor(configs[board], ++bootId, key, nowNs);
        if (actors[1 - board] != null) {
            actors[board].peer = actors[1 - board];
            actors[1 - board].peer = actors[board];
        }
    }

    private void step() {
        for (Actor actor : actors) {
            actor.cycle();
        }
        nowNs = Math.min(actors[0].dueNs, actors[1].dueNs);
    }

    /** One of the two boards. */
    private final class Actor implements Checkpoint, TermStore, Operator, Fitness, PulseChannel {
        final PairCore core;
        final NumberedStream stream;
        Actor peer;
        long dueNs;
        private final byte[][] queue = new byte[QUEUE_FRAMES][FRAME_BYTES];
        private final int[] lengthBytes = new int[QUEUE_FRAMES];
        private final int[] channel = new int[QUEUE_FRAMES];
        private int head;
        private int tail;
        private long edgeNs = NO_EDGE;
        private long probedNs = NEVER;
        private long reserved;

        Actor(CoreConfig config, int bootId, byte[] key, long startNs) {
            FrameChannel[] channels = new FrameChannel[CoreConfig.FRAME_CHANNELS];
            for (int c = 0; c < channels.length; c++) {
                int number = c;
                channels[c] = config.has(c) ? (buffer, offset, length) -> peer == null || peer.take(number, buffer, offset, length) : null;
            }
            stream = new NumberedStream(config.board(), bootId, config.groups(), config.intervalNs(), (b, o, l) -> true, () -> nowNs);
            Seal[] seals = {new HmacSeal(key), new HmacSeal(key), new Crc32cSeal()};
            CorePorts ports = new CorePorts(channels, seals, config.has(CoreConfig.GPIO) ? this : null, new Checkpoint[] {this, this},
                    this, (group, open, term, at) -> {
                        if (open) {
                            stream.onGateOpen(group, at);
                        }
                    }, stream, this, this, () -> true, at -> { }, () -> IdentityPort.NEVER, (code, group, term, detail, at) -> { });
            core = new PairCore(config, ports, bootId, startNs);
            stream.attach(core);
            dueNs = startNs;
        }

        boolean take(int c, byte[] buffer, int offset, int length) {
            int slot = tail % QUEUE_FRAMES;
            if (tail - head == QUEUE_FRAMES) {
                return false;
            }
            System.arraycopy(buffer, offset, queue[slot], 0, length);
            lengthBytes[slot] = length;
            channel[slot] = c;
            tail++;
            return true;
        }

        void cycle() {
            while (head != tail) {
                int slot = head++ % QUEUE_FRAMES;
                core.onFrame(channel[slot], queue[slot], 0, lengthBytes[slot], nowNs);
            }
            dueNs = Math.min(core.doWork(nowNs), stream.doWork(nowNs));
        }

        @Override
        public boolean configured() {
            return true;
        }

        @Override
        public boolean carrier() {
            return true;
        }

        @Override
        public void probe(long at) {
            probedNs = at;
        }

        @Override
        public long newestAnsweredProbeNs() {
            return probedNs;
        }

        @Override
        public long usedTerm() {
            return 0;
        }

        @Override
        public long durableTerm() {
            return reserved;
        }

        @Override
        public void reserve(long term) {
            reserved = term;
        }

        @Override
        public int poll() {
            return NONE;
        }

        @Override
        public void answer(int order, boolean accepted, int eventCode) { }

        @Override
        public int selfTest() {
            return SELF_TEST_PASSED;
        }

        @Override
        public boolean mayLead() {
            return true;
        }

        @Override
        public boolean preparing() {
            return false;
        }

        @Override
        public int penalty() {
            return 0;
        }

        @Override
        public void toggle() {
            if (peer != null) {
                peer.edgeNs = nowNs;
            }
        }

        @Override
        public long pollEdgeNs() {
            long taken = edgeNs;
            edgeNs = NO_EDGE;
            return taken;
        }
    }
}
