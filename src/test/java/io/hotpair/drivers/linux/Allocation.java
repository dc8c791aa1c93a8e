package io.hotpair.drivers.linux;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;

/**
 * Counts the bytes that a piece of work allocates once it is compiled.
 *
 * <p>Until then even code without a {@code new} allocates: calls of C functions box their arguments. When the compiler is through with it depends
 * on the machine and on what ran in the JVM before, so the work runs in a JVM of its own that compiles in the foreground: there it depends on
 * the number of calls alone, and no clock is looked at.
 */
public final class Allocation {
    /** What is measured; made in the other JVM by its constructor without parameters, which may be private. */
    public interface Work {
        /** One call of what is to allocate nothing. */
        void measured() throws Exception;

        /** Before each measured call; may allocate. */
        default void unmeasured() throws Exception { }

        /** Bytes that a helper thread of the work has allocated so far. */
        default long helperBytes() {
            return 0;
        }
    }

    private static final int CALLS = 10_000;
    /** 400,000 calls: more than ten times what the last tier waits for. Code that allocates by itself needs them all and fails. */
    private static final int MOST_ROUNDS = 40;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {
    }

    /** Bytes of the first round of 10,000 calls that allocates nothing, that is 0; else those of the last round of 40. */
    public static long steadyStateBytes(Class<? extends Work> work) throws IOException, InterruptedException {
        return bytes(work, ChildJvm.compilingAtOnce(Allocation.class, work.getName(), Integer.toString(CALLS), Integer.toString(MOST_ROUNDS)));
    }

    /**
     * Bytes of {@code calls} calls in a JVM that compiles nothing, after as many that are not counted: what compiled code allocates where it is thrown
     * back to the interpreter, at a branch that it never took before.
     */
    public static long interpretedBytes(Class<? extends Work> work, int calls) throws IOException, InterruptedException {
        return bytes(work, ChildJvm.interpreting(Allocation.class, work.getName(), Integer.toString(calls), "2"));
    }

    private static long bytes(Class<? extends Work> work, Process child) throws IOException, InterruptedException {
        String answer = null;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answer = line;
            }
        } finally {
            child.destroyForcibly();
        }
        if (child.waitFor() != 0 || answer == null) {
            throw new AssertionError(work.getName() + " ended with " + child.exitValue() + " in its JVM: " + answer);
        }
        return Long.parseLong(answer);
    }

    /** In the other JVM; prints the bytes as the last line. */
    public static void main(String[] arguments) throws Exception {
        Constructor<?> constructor = Class.forName(arguments[0]).getDeclaredConstructor();
        constructor.setAccessible(true);
        Work work = (Work) constructor.newInstance();
        long bytes = -1;
        for (int round = 0; round < Integer.parseInt(arguments[2]) && bytes != 0; round++) {
            bytes = round(work, Integer.parseInt(arguments[1]));
        }
        System.out.println(bytes);
        System.exit(0);
    }

    /** Bytes of all calls together. */
    private static long round(Work work, int calls) throws Exception {
        long helperBefore = work.helperBytes();
        long bytes = 0;
        for (int i = 0; i < calls; i++) {
            work.unmeasured();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            work.measured();
            bytes += THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        return bytes + work.helperBytes() - helperBefore;
    }

    /** Bytes that the thread of this name has allocated so far. */
    public static long bytesOf(String threadName) {
        Thread found = Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals(threadName)).findFirst()
                .orElseThrow(() -> new AssertionError("no thread " + threadName));
        return THREADS.getThreadAllocatedBytes(found.threadId());
    }
}
