package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * What a journal costs on a disk; not a test. Arguments: a folder on that disk, seconds per load, bytes of a record. Loads: one record at a time
 * (each waits to be durable), then as many as it takes.
 */
final class JournalBench {
    private final RealDisk real = new RealDisk();
    private final Histogram forceUs = new Histogram(60_000_000L, 3);
    private final Histogram durableUs = new Histogram(60_000_000L, 3);
    private final Histogram appendNs = new Histogram(60_000_000_000L, 3);

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory(Path.of(arguments[0]), "journal-bench");
        long loadNs = Long.parseLong(arguments[1]) * 1_000_000_000L;
        int bytes = Integer.parseInt(arguments[2]);
        for (boolean oneAtATime : new boolean[] {true, false}) {
            new JournalBench().load(folder.resolve(oneAtATime ? "single" : "load"), loadNs, bytes, oneAtATime);
        }
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        }
    }

    private void load(Path folder, long loadNs, int bytes, boolean oneAtATime) throws IOException {
        FileJournal journal = FileJournal.mirror(new TimedDisk(), folder, TestRecords.FORMAT, JournalConfig.standard(), "bench");
        TestRecords.await("recovered", journal::recovered);
        long index = 0;
        long digest = 0;
        long forcesBefore = journal.forces();
        byte[] state = new byte[1000];
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < loadNs) {
            if (journal.wantsBase() && journal.beginBase(2, index, digest, state.length)) {
                TestRecords.await("base", () -> journal.base(state, 0, state.length));
            }
            byte[] record = TestRecords.record(2, index + 1, digest, bytes - PrefixFormat.PREFIX_BYTES);
            long beforeNs = System.nanoTime();
            if (!journal.append(record, 0, bytes)) {
                Thread.onSpinWait();
                continue;
            }
            appendNs.recordValue(System.nanoTime() - beforeNs);
            index++;
            digest = TestRecords.digest(record);
            if (oneAtATime) {
                long wanted = index;
                while (journal.durableIndex() < wanted) {
                    Thread.onSpinWait();
                }
                durableUs.recordValue((System.nanoTime() - beforeNs) / 1000);
            }
        }
        long durable = journal.durableIndex();
        double seconds = (System.nanoTime() - startNs) / 1e9;
        long forces = journal.forces() - forcesBefore;
        System.out.printf("%s: %d records of %d B in %.1f s: %.0f/s, %.1f MB/s, %d fsyncs, %.1f records per fsync%n", oneAtATime ? "one at a time"
                : "as many as it takes", durable, bytes, seconds, durable / seconds, durable * bytes / seconds / 1e6, forces,
                (double) durable / forces);
        print("fsync, us", forceUs);
        print("append call, ns", appendNs);
        if (oneAtATime) {
            print("append to durable, us", durableUs);
        }
        journal.close();
    }

    private static void print(String what, Histogram h) {
        System.out.printf("  %s: min %d p50 %d p90 %d p99 %d p99.9 %d max %d (n=%d)%n", what, h.getMinValue(), h.getValueAtPercentile(50),
                h.getValueAtPercentile(90), h.getValueAtPercentile(99), h.getValueAtPercentile(99.9), h.getMaxValue(), h.getTotalCount());
    }

    /** The real disk; the fsyncs of the writing thread are timed. */
    private final class TimedDisk implements Disk {
        @Override
        public File open(Path path, boolean create) throws IOException {
            File file = real.open(path, create);
            return new File() {
                @Override
                public void write(ByteBuffer source, long position) throws IOException {
                    file.write(source, position);
                }

                @Override
                public int read(ByteBuffer destination, long position) throws IOException {
                    return file.read(destination, position);
                }

                @Override
                public void force() throws IOException {
                    long beforeNs = System.nanoTime();
                    file.force();
                    if (Thread.currentThread().getName().equals("hotpair-journal-bench")) {
                        forceUs.recordValue((System.nanoTime() - beforeNs) / 1000);
                    }
                }

                @Override
                public long sizeBytes() throws IOException {
                    return file.sizeBytes();
                }

                @Override
                public void close() throws IOException {
                    file.close();
                }
            };
        }

        @Override
        public List<Path> list(Path path) throws IOException {
            return real.list(path);
        }

        @Override
        public void createFolder(Path path) throws IOException {
            real.createFolder(path);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            real.move(from, to);
        }

        @Override
        public void delete(Path path) throws IOException {
            real.delete(path);
        }

        @Override
        public void syncFolder(Path path) throws IOException {
            real.syncFolder(path);
        }

        @Override
        public AutoCloseable lock(Path path) throws IOException {
            return real.lock(path);
        }
    }
}
