package io.hotpair.node.status;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.linux.Allocation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountersFileTest {
    private static final CountersFile.Owner OWNER = new CountersFile.Owner("mill", 1, 0xCAFE_BABE, "0.1.0", 1_000);

    @TempDir
    Path dir;

    private Path path;

    @BeforeEach
    void name() {
        path = dir.resolve("node.counters");
    }

    @Test
    void readerSeesWhatTheNodeWrites() throws IOException {
        try (CountersFile node = CountersFile.create(path, OWNER)) {
            int frames = node.register("frames.received");
            int roundTrip = node.register("round-trip ns", CountersFile.Kind.GAUGE);
            node.seal();
            node.set(roundTrip, 7);
            node.add(frames, 2);
            node.add(frames, 3);
            node.touch(5_000);
            try (CountersFile reader = CountersFile.open(path)) {
                assertEquals(2, reader.counterCount());
                assertEquals("frames.received", reader.label(0));
                assertEquals(CountersFile.Kind.COUNTER, reader.kind(0));
                assertEquals(5, reader.value(reader.find("frames.received")));
                assertEquals(CountersFile.Kind.GAUGE, reader.kind(reader.find("round-trip ns")));
                assertEquals(7, reader.value(roundTrip));
                assertEquals(-1, reader.find("none"));
                assertEquals(5_000, reader.newestCycleNs());
                assertEquals("mill", reader.pairName());
                assertEquals("0.1.0", reader.softwareVersion());
                assertEquals(1, reader.board());
                assertEquals(0xCAFE_BABE, reader.bootId());
                assertEquals(1_000, reader.startNs());
                assertEquals(ProcessHandle.current().pid(), reader.pid());
                assertTrue(reader.nodeAlive());
                assertTrue(reader.current());
                node.set(frames, -1);
                assertEquals(-1, reader.value(frames), "no reopening needed");
                assertThrows(IndexOutOfBoundsException.class, () -> reader.value(2));
            }
        }
    }

    @Test
    void wallClockFollowsTheMonotonicOne() throws IOException {
        try (CountersFile node = CountersFile.create(path, OWNER)) {
            long nowNs = System.nanoTime();
            long wallMs = System.currentTimeMillis();
            assertTrue(Math.abs(node.wallNs(nowNs) / 1_000_000 - wallMs) < 60_000);
        }
    }

    @Test
    void fileAppearsOnlyWhenComplete() throws IOException {
        try (CountersFile node = CountersFile.create(path, OWNER)) {
            node.register("a");
            assertFalse(Files.exists(path));
            node.seal();
            assertTrue(Files.exists(path));
            assertThrows(IllegalStateException.class, () -> node.register("late"));
            assertThrows(IllegalStateException.class, node::seal);
        }
        assertTrue(Files.exists(path), "the last words of a node stay readable");
        assertEquals(1, dir.toFile().list().length, "no leftovers");
    }

    @Test
    void groupMayLookButOnlyTheNodeMayWriteOrTruncate() throws IOException {
        try (CountersFile node = CountersFile.create(path, OWNER)) {
            node.seal();
            assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        }
    }

    @Test
    void labelsAreUniqueAndBounded() throws IOException {
        try (CountersFile node = CountersFile.create(path, OWNER, 3, 2)) {
            node.register("a");
            assertThrows(IllegalArgumentException.class, () -> node.register("a"));
            assertThrows(IllegalArgumentException.class, () -> node.register(""));
            assertThrows(IllegalArgumentException.class, () -> node.register("ä".repeat(60)));
            assertEquals(1, node.register("ä".repeat(59)), "118 bytes");
            node.register("b");
            assertThrows(IllegalStateException.class, () -> node.register("c"));
        }
        assertThrows(IllegalArgumentException.class, () -> CountersFile.create(path, OWNER, 0, 2));
        assertThrows(IllegalArgumentException.class, () -> CountersFile.create(path, OWNER, 1, 3));
    }

    @Test
    void anotherVersionIsNamed() throws IOException {
        sealedFile();
        patch(StatusLayout.VERSION_OFFSET, new byte[] {9, 0, 0, 0});
        CountersFileException e = assertThrows(CountersFileException.class, () -> CountersFile.open(path));
        assertEquals(CountersFileException.Cause.OTHER_VERSION, e.why());
        assertTrue(e.getMessage().endsWith("counters file of another version: found 9, this program reads 2"), e.getMessage());
    }

    @Test
    void foreignTruncatedAndMissingFilesAreToldApart() throws IOException {
        assertEquals(CountersFileException.Cause.MISSING, assertThrows(CountersFileException.class, () -> CountersFile.open(path)).why());
        Files.write(path, new byte[10]);
        assertEquals(CountersFileException.Cause.NOT_A_COUNTERS_FILE, assertThrows(CountersFileException.class, () -> CountersFile.open(path)).why());
        Files.write(path, new byte[4096]);
        assertEquals(CountersFileException.Cause.NOT_A_COUNTERS_FILE, assertThrows(CountersFileException.class, () -> CountersFile.open(path)).why());
        Files.delete(path);
        sealedFile();
        byte[] whole = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(whole, whole.length - 1));
        assertEquals(CountersFileException.Cause.NOT_A_COUNTERS_FILE, assertThrows(CountersFileException.class, () -> CountersFile.open(path)).why());
        patch(StatusLayout.COUNTER_CAPACITY_OFFSET, new byte[] {-1, -1, -1, 0x7F});
        assertEquals(CountersFileException.Cause.NOT_A_COUNTERS_FILE, assertThrows(CountersFileException.class, () -> CountersFile.open(path)).why());
    }

    @Test
    void staleFileOfADeadNodeIsSeenAndReplaced() throws IOException {
        sealedFile();
        // The process id lives on, its start time does not match: a later process got the id.
        patch(StatusLayout.PROCESS_START_OFFSET, new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
        try (CountersFile stale = CountersFile.open(path)) {
            assertFalse(stale.nodeAlive());
            assertTrue(stale.current());
            try (CountersFile next = CountersFile.create(path, new CountersFile.Owner("mill", 1, 2, "0.1.0", 2_000))) {
                next.seal();
                assertFalse(stale.current(), "the reader is told to open the new one");
            }
        }
    }

    @Test
    void fileOfAnotherLivingNodeIsNotTaken() throws Exception {
        sealedFile();
        Process other = new ProcessBuilder("sleep", "30").start();
        try {
            byte[] pid = new byte[8];
            for (int i = 0; i < 8; i++) {
                pid[i] = (byte) (other.pid() >>> 8 * i);
            }
            patch(StatusLayout.PID_OFFSET, pid);
            patch(StatusLayout.PROCESS_START_OFFSET, new byte[8]);
            CountersFileException e = assertThrows(CountersFileException.class, () -> CountersFile.create(path, OWNER));
            assertEquals(CountersFileException.Cause.IN_USE, e.why());
            assertTrue(e.getMessage().contains("process " + other.pid()), e.getMessage());
        } finally {
            other.destroyForcibly().waitFor();
        }
        try (CountersFile reader = CountersFile.open(path)) {
            assertFalse(reader.nodeAlive());
        }
        CountersFile.create(path, OWNER).close();
    }

    @Test
    void readerCannotWrite() throws IOException {
        sealedFile();
        byte[] before = Files.readAllBytes(path);
        try (CountersFile reader = CountersFile.open(path)) {
            assertThrows(IllegalArgumentException.class, () -> reader.set(0, 1));
            assertThrows(IllegalStateException.class, () -> reader.events().onEvent(1, 0, 0, 0, 0));
        }
        assertArrayEquals(before, Files.readAllBytes(path));
    }

    @Test
    void steadyStateAllocatesNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(Publish.class));
    }

    static final class Publish implements Allocation.Work {
        private final CountersFile node;
        private final int id;
        private final EventRing events;
        private int calls;

        Publish() throws IOException {
            Path file = Files.createTempFile("counters", null);
            node = CountersFile.create(file, OWNER);
            id = node.register("a");
            node.seal();
            Files.delete(file); // mapped by now
            events = node.events();
        }

        @Override
        public void measured() {
            calls++;
            node.set(id, calls);
            node.add(id, 1);
            node.touch(calls);
            events.onEvent(1, 0, calls, calls, calls);
        }
    }

    private void sealedFile() throws IOException {
        try (CountersFile node = CountersFile.create(path, OWNER)) {
            node.register("a");
            node.seal();
        }
    }

    private void patch(long offset, byte[] bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(offset);
            file.write(bytes);
        }
    }
}
