package io.hotpair.task.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.linux.Allocation;
import io.hotpair.drivers.linux.ChildJvm;
import io.hotpair.drivers.linux.Poller;
import io.hotpair.sync.port.TaskPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessTaskTest {
    private static final String JAVA = "java";
    private static final String C = "c";

    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private Path folder;
    private ProcessTask task;
    private PortDriver driver;

    @BeforeEach
    void folder() throws IOException {
        folder = PortDriver.folder();
    }

    @AfterEach
    void close() throws IOException {
        if (task != null) {
            task.close();
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), left.filter(path -> !path.endsWith("task-counter")).toList(), "files are removed");
        }
        Files.deleteIfExists(folder.resolve("task-counter"));
        Files.delete(folder);
    }

    static HostSettings settings() {
        return new HostSettings().stateMaxBytes(64 << 10).ringBytes(16 << 10).stateDigest(0, 1).backoffNs(1_000_000, 50_000_000)
                .deadlineNs(20_000_000_000L).hangNs(40_000_000_000L); // no test depends on how fast the machine is
    }

    static TaskCommand javaCommand() {
        return TaskCommand.java(CounterTask.class.getName(), "", List.of("-Xmx32m", "-XX:TieredStopAtLevel=1"));
    }

    private void start(TaskCommand command, HostSettings settings) throws IOException {
        task = new ProcessTask(folder.resolve("task"), command, CounterTask.NAMES, settings, log::add);
        driver = new PortDriver(task);
        driver.await("the task attached", task::ready);
    }

    private void start(String language) throws Exception {
        start(language.equals(C) ? compiled(folder) : javaCommand(), settings());
    }

    /** The example, compiled as its first lines say. */
    static TaskCommand compiled(Path folder) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Stream.of(System.getenv("PATH").split(":")).anyMatch(path -> Files.isExecutable(Path.of(path, "cc"))),
                "SKIPPED: no C compiler (cc) in the path");
        Path program = folder.resolve("task-counter");
        Process compiler = new ProcessBuilder("cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program.toString(), "src/examples/task-counter.c")
                .inheritIO().start();
        assertEquals(0, compiler.waitFor(), "it compiles without a warning");
        return new TaskCommand(List.of(program.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {JAVA, C})
    void answersAsTheSameTaskInThisProcessDoes(String language) throws Exception {
        start(language);
        try (InProcessTask here = new InProcessTask(CounterTask::new, CounterTask.NAMES, settings())) {
            PortDriver hereDriver = new PortDriver(here);
            Random random = new Random(11);
            for (int i = 0; i < 3000; i++) { // over many turns of the small rings
                byte[] payload = new byte[random.nextInt(10) == 0 ? random.nextInt(1401) : random.nextInt(60)];
                driver.offer(TaskPort.INPUT, payload);
                hereDriver.offer(TaskPort.INPUT, payload);
            }
            driver.settle();
            hereDriver.settle();
            assertSame(hereDriver.outputs, driver.outputs);
            assertEquals(here.digest(), task.digest());
        }
    }

    private static void assertSame(List<PortDriver.Out> expected, List<PortDriver.Out> found) {
        for (int i = 0; i < Math.min(expected.size(), found.size()); i++) {
            assertEquals(expected.get(i).index(), found.get(i).index());
            assertEquals(expected.get(i).port(), found.get(i).port());
            assertArrayEquals(expected.get(i).bytes(), found.get(i).bytes(), "output " + i);
        }
        assertEquals(expected.size(), found.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {JAVA, C})
    void aSnapshotIsTakenBehindTheRecordsOfferedAndGoesOnElsewhere(String language) throws Exception {
        start(language);
        for (int i = 0; i < 20; i++) {
            driver.offer("x");
        }
        byte[] state = driver.snapshot();
        assertEquals(20, task.snapshotIndex());
        driver.settle();
        assertEquals(task.digest(), task.snapshotDigest());
        assertArrayEquals(new byte[] {20, 0, 0, 0, 0, 0, 0, 0}, state);

        driver.offer("of a state that is replaced");
        state[0] = 100;
        driver.load(state, 500, 42);
        assertEquals(500, task.executedIndex());
        assertEquals(42, task.digest());
        assertFalse(task.outputWaits());
        driver.offer("next");
        driver.settle();
        assertEquals(101, driver.outputs.getLast().count());
        assertEquals(501, driver.outputs.getLast().index());
        driver.load(new byte[0], 0, 0);
        driver.offer("first");
        driver.settle();
        assertEquals(1, driver.outputs.getLast().count());
    }

    @Test
    void ticksAndReignsAndStateDigestsAreTheSameInBothHosts() throws Exception {
        HostSettings settings = settings().stateDigest(3, 1024);
        start(javaCommand(), settings);
        try (InProcessTask here = new InProcessTask(CounterTask::new, CounterTask.NAMES, settings)) {
            PortDriver hereDriver = new PortDriver(here);
            for (PortDriver each : List.of(driver, hereDriver)) {
                each.offer(TaskPort.REIGN, new byte[0]);
                each.tick(5);
                each.offer("x");
                each.tick(6);
                each.settle();
            }
            assertSame(hereDriver.outputs, driver.outputs);
            assertEquals(here.digest(), task.digest());
        }
    }

    @Test
    void aCrashIsShownAndTheTaskComesBackWithoutItsState() throws Exception {
        start(javaCommand(), settings().backoffNs(500_000_000, 2_000_000_000)); // down for long enough to be seen
        driver.offer("one");
        driver.settle();
        byte[] state = driver.snapshot();
        long digest = task.digest();
        assertEquals(0, task.penalty());
        driver.offer("two");
        driver.offer("!exit");
        driver.offer("three");
        driver.await("a penalty", () -> !task.ready() && task.penalty() >= TaskHealth.PENALTY_DOWN);
        driver.await("a restart", () -> task.starts() == 2 && task.ready());
        driver.takeAll();
        assertEquals(2, driver.outputs.getLast().count(), "what was executed whole before is there");
        assertEquals(2, task.executedIndex());
        assertFalse(task.loaded());
        assertFalse(task.offer(3, TaskPort.INPUT, 0, 0, new byte[8], 0, 8), "nothing is taken without a state");
        assertTrue(log.stream().anyMatch(line -> line.contains("ended with code 3")), log.toString());

        driver.load(state, 1, digest);
        driver.offer("two");
        driver.settle();
        assertEquals(2, driver.outputs.getLast().count());
        assertEquals(0, task.penalty());
    }

    @Test
    void aLoadThatTheProcessDidNotLiveToSeeIsCarriedOutByTheNextOne() throws Exception {
        start(JAVA);
        driver.offer("!exit"); // the load lies behind it in the ring, and dies with the process
        driver.load(new byte[] {9, 0, 0, 0, 0, 0, 0, 0}, 30, 3);
        driver.offer("x");
        driver.settle();
        assertEquals(10, driver.outputs.getLast().count());
        assertEquals(31, driver.outputs.getLast().index());
    }

    @Test
    void anExceptionEndsTheProcessWithItsTextInTheLogAndNoOutput() throws Exception {
        start(JAVA);
        driver.offer("!throw");
        driver.await("a restart", () -> task.starts() == 2);
        assertEquals(List.of(), driver.outputs);
        assertEquals(0, task.executedIndex());
        driver.await("its text", () -> log.stream().anyMatch(line -> line.startsWith("task: ") && line.contains("poison")));
    }

    @Test
    void oneThatHangsIsKilled() throws Exception {
        start(javaCommand(), settings().deadlineNs(1_000_000).hangNs(400_000_000));
        driver.offer("!hang");
        driver.await("a restart", () -> task.starts() == 2);
        assertTrue(task.trouble().contains("no sign of life") || task.trouble().contains("showed no life"), task.trouble());
    }

    @Test
    void oneThatWritesNonsenseIsKilled() throws Exception {
        start(JAVA);
        try (TaskFile file = TaskFile.open(folder.resolve("task"))) {
            int at = file.fromTask().tryClaim(99, 8);
            file.fromTask().commit(at);
            driver.await("a restart", () -> task.starts() == 2 && task.ready());
        }
        assertTrue(task.trouble().contains("type 99"), task.trouble());
        assertTrue(task.loaded(), "it never had a record, so it is as it was born");
        driver.offer("x");
        driver.settle();
        assertEquals(1, driver.outputs.getLast().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {JAVA, C})
    void leavesAnInterruptToTheNode(String language) throws Exception {
        start(language);
        driver.offer("x");
        driver.settle();
        assertEquals(0, new ProcessBuilder("kill", "-INT", Long.toString(task.pid())).inheritIO().start().waitFor());
        for (int i = 0; i < 100; i++) {
            driver.offer("x");
            driver.settle();
        }
        assertEquals(1, task.starts());
    }

    @Test
    void whatItPrintsGoesToTheLog() throws Exception {
        start(JAVA);
        driver.offer("!print");
        driver.await("the line", () -> log.contains("task: hello from the task"));
    }

    @Test
    void aStateAboveTheBoundIsAnErrorThatNamesBoundAndKey() throws Exception {
        start(JAVA);
        driver.offer("!grow");
        task.requestSnapshot();
        driver.await("an answer", () -> task.snapshotLengthBytes() != -1);
        assertEquals(-2, task.snapshotLengthBytes());
        assertTrue(task.trouble().contains("65536") && task.trouble().contains(HostSettings.STATE_KEY), task.trouble());
        driver.offer("x");
        driver.settle();
        assertEquals(2, driver.outputs.getLast().count(), "it goes on");
    }

    @Test
    void aSleepingNodeIsWokenByTheAnswer() throws Exception {
        start(JAVA);
        try (Poller poller = new Poller(1)) {
            poller.add(task.wakeFd());
            for (int i = 0; i < 200; i++) {
                driver.offer("x");
                while (!task.outputWaits()) {
                    if (task.mayNodeSleep()) {
                        assertEquals(1, poller.await(30_000_000_000L), "woken");
                        task.drainWake();
                    }
                }
                driver.takeAll();
            }
        }
    }

    /** A task that has lost the processor to a node that looks for its answer would never get it back. */
    @Test
    void aNodeSleepsWhileAnAnswerIsBegunButNotWhole() throws Exception {
        start(JAVA);
        driver.settle();
        try (TaskFile theirs = TaskFile.open(folder.resolve("task"))) {
            OneToOneRingBuffer ring = theirs.fromTask();
            driver.await("all that the task has said is read", () -> ring.consumerPosition() == ring.producerPosition());
            int at = ring.tryClaim(TaskMessages.SAVED, TaskMessages.SAVED_BYTES);
            assertTrue(task.mayNodeSleep(), "what is only claimed is not waited for");

            ring.buffer().putLong(at, 0);
            ring.commit(at);
            assertFalse(task.mayNodeSleep(), "what is whole is taken first");
            task.watch(System.nanoTime());
            assertTrue(task.mayNodeSleep());
        }
    }

    @Test
    void aProgramThatIsNotThereIsToldAndTriedAgain() throws Exception {
        task = new ProcessTask(folder.resolve("task"), new TaskCommand(List.of("/no/such/program")), CounterTask.NAMES, settings(), log::add);
        driver = new PortDriver(task);
        driver.await("several attempts", () -> log.size() >= 3);
        assertFalse(task.ready());
        assertTrue(log.peek().contains("/no/such/program"), log.peek());
    }

    @ParameterizedTest
    @ValueSource(strings = {JAVA, C})
    void endsWithTheNode(String language) throws Exception {
        TaskCommand command = language.equals(C) ? compiled(folder) : javaCommand();
        Process node = ChildJvm.start(Host.class, folder.resolve("task").toString(), String.join("\n", command.words()));
        String line = new String(node.getInputStream().readNBytes(8)).strip();
        ProcessHandle child = ProcessHandle.of(Long.parseLong(line)).orElseThrow();
        node.destroyForcibly().waitFor();
        awaitEnd(child); // onExit() looks at who is nobody's child in ever longer intervals
        Files.delete(folder.resolve("task"));
        Files.delete(folder.resolve("task.wake"));
    }

    private static void awaitEnd(ProcessHandle process) {
        long deadlineNs = System.nanoTime() + 30_000_000_000L;
        while (process.isAlive()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "it lives on");
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A node that is killed; prints the task's process id in 8 characters. */
    static final class Host {
        public static void main(String[] arguments) throws Exception {
            ProcessTask task = new ProcessTask(Path.of(arguments[0]), new TaskCommand(List.of(arguments[1].split("\n"))), CounterTask.NAMES,
                    settings(),
                    System.err::println);
            new PortDriver(task).await("attached", task::ready);
            System.out.printf("%8d", task.pid());
            System.out.flush();
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    @Test
    void allocatesNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(Echo.class));
    }

    static final class Echo implements Allocation.Work {
        private final ProcessTask task;
        private final Poller poller = new Poller(1);
        private final byte[] bytes = new byte[1400];
        private final byte[] answer = new byte[1400];
        private long index;

        Echo() throws Exception {
            Path folder = PortDriver.folder();
            task = new ProcessTask(folder.resolve("task"), compiledOrJava(folder), CounterTask.NAMES, settings(), System.err::println);
            new PortDriver(task).await("attached", task::ready);
            poller.add(task.wakeFd());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> clean(folder)));
        }

        private static TaskCommand compiledOrJava(Path folder) throws Exception {
            try {
                return compiled(folder);
            } catch (org.opentest4j.TestAbortedException noCompiler) {
                return javaCommand();
            }
        }

        private void clean(Path folder) {
            try {
                task.close();
                Files.deleteIfExists(folder.resolve("task-counter"));
                Files.deleteIfExists(folder);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public void measured() {
            task.watch(System.nanoTime());
            index++;
            while (!task.offer(index, TaskPort.INPUT, 0, index, bytes, 0, (int) (index % 1400))) {
                Thread.onSpinWait();
            }
            while (!task.outputWaits()) {
                if (task.mayNodeSleep()) {
                    poller.await(1_000_000_000);
                    task.drainWake();
                }
            }
            task.copyOutput(answer, 0);
            task.takeOutput();
            if (index % 100 == 0) {
                task.requestSnapshot();
            }
        }
    }
}
