package io.hotpair.sim;

import io.hotpair.core.port.Checkpoint;
import io.hotpair.core.port.EventSink;
import io.hotpair.core.port.Fitness;
import io.hotpair.core.port.FrameChannel;
import io.hotpair.core.port.GatePort;
import io.hotpair.core.port.IdentityPort;
import io.hotpair.core.port.Interlock;
import io.hotpair.core.port.Operator;
import io.hotpair.core.port.PulseChannel;
import io.hotpair.core.port.Watchdog;

/** Everything that a board's core may ask or tell, tied to the simulated world. */
final class BoardPorts {
    private static final int ORDERS = 8;

    private final World world;
    private final Board board;

    final FrameChannel[] frameChannels;
    final PulseChannel pulse;
    final SimCheckpoint[] checkpoints = {new SimCheckpoint(0), new SimCheckpoint(1)};
    final Conditions conditions = new Conditions();
    final Orders orders = new Orders();
    final GatePort gate;
    final EventSink events;
    final Interlock interlock;
    final Watchdog watchdog;
    final IdentityPort identity;
    final boolean[] kernelGate = new boolean[2];
    long identityAnswerNs = IdentityPort.NEVER;

    BoardPorts(World world, Board board) {
        this.world = world;
        this.board = board;
        frameChannels = new FrameChannel[] {frames(0), frames(1), frames(2)};
        pulse = new PulseChannel() {
            @Override
            public void toggle() {
                world.judge().onToggle(board);
                world.net().toggle(board.id);
            }

            @Override
            public long pollEdgeNs() {
                return board.pollEdgeNs();
            }
        };
        gate = (group, open, term, nowNs) -> kernelGate[group] = open;
        events = (code, group, term, detail, nowNs) -> world.judge().onRecord(board, code, group, term, detail, nowNs);
        interlock = () -> !world.interlocked() || world.latch().granted(board.id);
        watchdog = nowNs -> board.lastFeedNs = world.nowNs();
        identity = () -> identityAnswerNs;
    }

    private FrameChannel frames(int channel) {
        return (buffer, offset, lengthBytes) -> {
            world.judge().onSend(board, channel, buffer, offset);
            return world.net().send(board.id, channel, buffer, offset, lengthBytes);
        };
    }

    void onProcessStart() {
        checkpoints[0].newestAnsweredNs = Checkpoint.NEVER;
        checkpoints[1].newestAnsweredNs = Checkpoint.NEVER;
        identityAnswerNs = IdentityPort.NEVER;
        kernelGate[0] = false;
        kernelGate[1] = false;
        orders.forget();
        orders.stopping = false;
    }

    final class SimCheckpoint implements Checkpoint {
        private static final int PROBES = 64; // far more than are on their way at once
        private final int network;
        private final long[] probeNs = new long[PROBES];
        private int probes;
        boolean configured = true;
        long newestAnsweredNs = NEVER;

        SimCheckpoint(int network) {
            this.network = network;
        }

        @Override
        public boolean configured() {
            return configured;
        }

        @Override
        public boolean carrier() {
            return world.net().carrier(board.id, network);
        }

        @Override
        public void probe(long nowNs) {
            world.trace().mix(nowNs);
            Net net = world.net();
            if (configured && net.checkpointReachable(board.id, network)) {
                int index = probes++ & PROBES - 1;
                probeNs[index] = nowNs;
                long roundTripNs = net.probeRoundTripNs + board.random.below((int) net.probeJitterNs + 1);
                world.at(world.nowNs() + roundTripNs, World.PROBE_ANSWER, board.id,
                        network << 16 | (board.generation() & 0x3F) << 10 | index);
            }
        }

        void onAnswer(int argument) {
            if ((argument >>> 10 & 0x3F) == (board.generation() & 0x3F) && board.node != null
                    && world.net().checkpointReachable(board.id, network)) {
                newestAnsweredNs = Math.max(newestAnsweredNs, probeNs[argument & PROBES - 1]);
                world.judge().onCheckpointAnswer(board, board.clock.world(probeNs[argument & PROBES - 1]));
            }
        }

        @Override
        public long newestAnsweredProbeNs() {
            return newestAnsweredNs;
        }
    }

    /** The board's own condition. */
    final class Conditions implements Fitness {
        boolean selfTestFails;
        long selfTestNs;
        boolean mayLead = true;
        /** From its start a process needs this long until it may lead. */
        long preparationNs;
        int penalty;

        @Override
        public int selfTest() {
            if (world.nowNs() - board.startedNs < selfTestNs) {
                return SELF_TEST_RUNNING;
            }
            return selfTestFails ? SELF_TEST_FAILED : SELF_TEST_PASSED;
        }

        @Override
        public boolean mayLead() {
            return mayLead && !preparing() && board.replica.mayLead();
        }

        @Override
        public boolean preparing() {
            return rehearsing() || board.replica.preparing();
        }

        @Override
        public boolean rehearsing() {
            return world.nowNs() - board.startedNs < preparationNs;
        }

        @Override
        public int penalty() {
            return penalty;
        }
    }

    /** Orders that wait for the core. */
    final class Orders implements Operator {
        private final int[] waiting = new int[ORDERS];
        private int head;
        private int tail;
        /** The node was told to end, and will. */
        boolean stopping;
        int lastAnswered;
        boolean lastAccepted;

        /** What waits is not carried out any more. */
        void forget() {
            head = tail;
        }

        void give(int order) {
            if (tail - head < ORDERS) {
                waiting[tail++ % ORDERS] = order;
            }
        }

        @Override
        public int poll() {
            int order = head == tail ? NONE : waiting[head++ % ORDERS];
            stopping |= order == STOP;
            return order;
        }

        @Override
        public void answer(int order, boolean accepted, int eventCode) {
            lastAnswered = order;
            lastAccepted = accepted;
            world.judge().onAnswer(board, order, accepted, eventCode);
        }
    }
}
