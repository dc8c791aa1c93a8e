package io.hotpair.node;

import io.hotpair.core.CoreConfig;
import io.hotpair.drivers.ethernet.UdpChannel;
import io.hotpair.drivers.port.InputDriver;
import io.hotpair.drivers.port.UdpInput;
import io.hotpair.drivers.port.UdpOutput;
import io.hotpair.node.config.TickConfig;
import io.hotpair.sync.Commit;
import io.hotpair.sync.SyncConfig;
import io.hotpair.sync.journal.NoJournal;
import io.hotpair.sync.journal.SyncRecordFormat;
import io.hotpair.sync.stream.StreamPair;
import io.hotpair.sync.stream.StreamSettings;
import io.hotpair.task.Context;
import io.hotpair.task.Task;
import io.hotpair.task.host.HostSettings;
import io.hotpair.task.host.InProcessTask;
import io.hotpair.task.host.TaskNames;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the two boards of a {@link Rehearsal} run in place of the user's task: an echo, replicated by the very classes that replicate his, and fed
 * through sockets as his is, so that the code that reads inputs is compiled as well.
 */
final class RehearsalTask implements RehearsalBoard.Workloads, AutoCloseable {
    private static final int RING_BYTES = 64 << 10;
    /** Small, so that the boards that die and start again leave little behind for a collection. */
    private static final int RECORDS = 256;
    private static final int BYTES = 32 << 10;
    /** So many parts go over as it takes for their code to be compiled, a few of them while the boards only get acquainted. */
    private static final int STATE_BYTES = 128 << 10;
    private static final int FIRST_STATE_BYTES = 8 << 10;
    /** In intervals of the heartbeat: for a while each input wakes the boards, then they come fast enough for a pace (see {@link InputPace}). */
    private static final int SLOW_STRETCH = 12;
    private static final int FAST_STRETCH = 4;
    private static final int SLOW_INPUTS = 4;
    private static final int FAST_INPUTS = 24;

    private static final TickConfig TICKS = new TickConfig(2_000_000, Optional.empty(), Optional.empty(), 2, 0);

    private final StreamPair streams = new StreamPair(new StreamSettings(RING_BYTES, 100_000_000, 1_000_000_000, 10_000_000, 100_000_000),
            CoreConfig.NETWORKS);
    private final NumberedStream.Clock clock;
    private final long intervalNs;
    private final Resources resources = new Resources();
    private final UdpInput[] inputs = new UdpInput[2];
    private final UdpChannel[] senders = new UdpChannel[2];
    private final byte[] state = new byte[STATE_BYTES - Long.BYTES];
    private int stateBytes = FIRST_STATE_BYTES;

    /** @param intervalNs of the heartbeat */
    RehearsalTask(NumberedStream.Clock clock, long intervalNs) throws IOException {
        this.clock = clock;
        this.intervalNs = intervalNs;
        InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            for (int board = 0; board < 2; board++) {
                inputs[board] = resources.add(new UdpInput(local, null, true, UdpInput.SourceBy.PORT));
                senders[board] = resources.add(new UdpChannel(local, new InetSocketAddress(local.getAddress(), inputs[board].localPort()), null));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        resources.close();
        streams.close();
    }

    @Override
    public ReplicatedTask boot(int board, int bootId, UdpChannel plant, Resources closing) {
        streams.connect();
        HostSettings settings = new HostSettings().stateMaxBytes(STATE_BYTES).outputsPerRecord(1).outputQueueBytes(BYTES).stateDigest(0, 1);
        InProcessTask task = closing.add(new InProcessTask(Echo::new, new TaskNames(List.of("in"), List.of("out"), Map.of()), settings));
        SyncConfig config = SyncConfig.of(0, Commit.BOTH).log(RECORDS, BYTES).outputs(RECORDS, BYTES).copies(16).sources(4).snapshot(STATE_BYTES)
                .hotLag(RECORDS / 4);
        return new ReplicatedTask(new ReplicatedTask.Parts(config, new HostedTask(task), streams.end(board), new NoJournal(new SyncRecordFormat()),
                List.of(new Source(board)), List.of(new UdpOutput(plant, true, true)), (code, term, index, detail, nowNs) -> { }, bootId, peer -> true,
                peerLeads -> true, new TickFeed(TICKS, new RehearsalLine(clock, TICKS.intervalNs()))), clock);
    }

    /** Inputs that are due so far; each board is fed the same. */
    private long inputsDue() {
        long roundNs = (SLOW_STRETCH + FAST_STRETCH) * intervalNs;
        long inputsBefore = clock.nowNs() / roundNs * (SLOW_STRETCH * SLOW_INPUTS + FAST_STRETCH * FAST_INPUTS);
        long slowNs = Math.min(clock.nowNs() % roundNs, SLOW_STRETCH * intervalNs);
        long fastNs = clock.nowNs() % roundNs - slowNs;
        return inputsBefore + slowNs * SLOW_INPUTS / intervalNs + fastNs * FAST_INPUTS / intervalNs;
    }

    /** From now on a board that starts is given a state of many parts. */
    void enlarge() {
        stateBytes = state.length;
    }

    /** Answers each input with it. */
    private final class Echo implements Task {
        private final ByteBuffer answer = ByteBuffer.allocate(HostSettings.PAYLOAD_BYTES);
        private long count;

        @Override
        public void onInput(int port, ByteBuffer data, Context context) {
            count++;
            context.send(0, answer.clear().put(data).flip());
        }

        @Override
        public void onTick(long tick, Context context) {
            count++;
        }

        @Override
        public void save(ByteBuffer state) {
            state.putLong(count).put(RehearsalTask.this.state, 0, stateBytes);
        }

        @Override
        public void load(ByteBuffer state) {
            count = state.getLong();
        }
    }

    /** The same numbered input on both boards, each time that it is due: sent to the board's socket, and read from there. */
    private final class Source implements InputDriver {
        private static final int BYTES = 16;
        private final UdpInput input;
        private final UdpChannel sender;
        private final byte[] datagram = new byte[Long.BYTES + BYTES];
        private final ByteBuffer number = ByteBuffer.wrap(datagram).order(ByteOrder.LITTLE_ENDIAN);
        private long sent = inputsDue();

        Source(int board) {
            input = inputs[board];
            sender = senders[board];
        }

        @Override
        public int fd() {
            return -1;
        }

        @Override
        public int receive(byte[] destination, int offset) {
            if (inputsDue() > sent) {
                number.putLong(0, ++sent);
                sender.send(datagram, 0, datagram.length);
            }
            return input.receive(destination, offset);
        }

        @Override
        public long source() {
            return input.source();
        }

        @Override
        public boolean numbered() {
            return input.numbered();
        }

        @Override
        public long sequence() {
            return input.sequence();
        }

        /** By the made-up clock. */
        @Override
        public long arrivedNs() {
            return clock.nowNs();
        }

        @Override
        public long malformed() {
            return input.malformed();
        }

        @Override
        public long overflowed() {
            return input.overflowed();
        }

        @Override
        public void close() { }
    }
}
