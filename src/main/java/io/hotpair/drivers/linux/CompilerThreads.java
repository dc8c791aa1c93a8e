package io.hotpair.drivers.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The JVM's compiler threads as the kernel sees them. The JVM itself tells what they have done only where its performance data are on. */
public final class CompilerThreads {
    private static final Path THREADS = Path.of("/proc/self/task");

    private CompilerThreads() {
    }

    /**
     * Whether they all sleep at this moment: none compiles, waits for a processor or has code to compile in its queue.
     *
     * @throws IOException if there is no {@code /proc}
     */
    public static boolean asleep() throws IOException {
        boolean asleep = true;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                asleep &= !compiles(thread) || sleeps(thread);
            }
        }
        return asleep;
    }

    /** HotSpot's names, as far as the kernel keeps them: 15 characters. */
    private static boolean compiles(Path thread) throws IOException {
        try {
            String name = Files.readString(thread.resolve("comm"));
            return name.startsWith("C1 CompilerThre") || name.startsWith("C2 CompilerThre");
        } catch (NoSuchFileException ended) {
            return false;
        }
    }

    private static boolean sleeps(Path thread) throws IOException {
        String stat = Files.readString(thread.resolve("stat")); // id (name) state ..., and a name may hold anything but ')'
        return stat.startsWith(") S", stat.lastIndexOf(')'));
    }
}
