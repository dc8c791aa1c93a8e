package io.hotpair.node;

import io.hotpair.core.CoreConfig;
import io.hotpair.drivers.ethernet.UdpChannel;
import io.hotpair.drivers.port.InputDriver;
import io.hotpair.drivers.port.UdpOutput;
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
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** What the two boards of a {@link Rehearsal} run in place of the user's task: an echo, replicated by the very classes that replicate his. */
final class RehearsalTask implements RehearsalBoard.Workloads {
    private static final int RING_BYTES = 64 << 10;
    /** Small, so that the boards that die and start again leave little behind for a collection. */
    private static final int RECORDS = 64;
    private static final int BYTES = 16 << 10;
    private static final int STATE_BYTES = 1 << 10;

    private final StreamPair streams = new StreamPair(new StreamSettings(RING_BYTES, RING_BYTES, 100_000_000, 1_000_000_000, 10_000_000, 100_000_000),
            CoreConfig.NETWORKS);
    private final NumberedStream.Clock clock;
    private final long inputEveryNs;

    /** @param inputEveryNs each board is fed the same input so often */
    RehearsalTask(NumberedStream.Clock clock, long inputEveryNs) {
        this.clock = clock;
        this.inputEveryNs = inputEveryNs;
    }

    @Override
    public ReplicatedTask boot(int board, int bootId, UdpChannel plant, Resources closing) {
        streams.connect();
        HostSettings settings = new HostSettings().stateMaxBytes(STATE_BYTES).outputsPerRecord(1).outputQueueBytes(BYTES).stateDigest(0, 1);
        InProcessTask task = closing.add(new InProcessTask(Echo::new, new TaskNames(List.of("in"), List.of("out"), Map.of()), settings));
        SyncConfig config = SyncConfig.of(0, Commit.BOTH).log(RECORDS, BYTES).outputs(RECORDS, BYTES).copies(16).sources(4).snapshot(4 * STATE_BYTES)
                .hotLag(RECORDS / 4);
        return new ReplicatedTask(new ReplicatedTask.Parts(config, new HostedTask(task), streams.end(board), new NoJournal(new SyncRecordFormat()),
                List.of(new Source()), List.of(new UdpOutput(plant, true, true)), (code, term, index, detail, nowNs) -> { }, bootId, peer -> true,
                peerLeads -> true), clock);
    }

    /** What is on its way between the boards arrives. */
    void carry() {
        streams.carry();
    }

    /** Answers each input with it. */
    private static final class Echo implements Task {
        private final ByteBuffer answer = ByteBuffer.allocate(HostSettings.PAYLOAD_BYTES);
        private long count;

        @Override
        public void onInput(int port, ByteBuffer data, Context context) {
            count++;
            context.send(0, answer.clear().put(data).flip());
        }

        @Override
        public void save(ByteBuffer state) {
            state.putLong(count);
        }

        @Override
        public void load(ByteBuffer state) {
            count = state.getLong();
        }
    }

    /** The same numbered input on both boards, each time that it is due. */
    private final class Source implements InputDriver {
        private static final int BYTES = 16;
        private long sequence = clock.nowNs() / inputEveryNs;

        @Override
        public int fd() {
            return -1;
        }

        @Override
        public int receive(byte[] destination, int offset) {
            if (clock.nowNs() / inputEveryNs <= sequence) {
                return -1;
            }
            sequence++;
            return BYTES;
        }

        @Override
        public long source() {
            return 1;
        }

        @Override
        public boolean numbered() {
            return true;
        }

        @Override
        public long sequence() {
            return sequence;
        }

        @Override
        public long arrivedNs() {
            return clock.nowNs();
        }

        @Override
        public long malformed() {
            return 0;
        }

        @Override
        public long overflowed() {
            return 0;
        }

        @Override
        public void close() { }
    }
}
