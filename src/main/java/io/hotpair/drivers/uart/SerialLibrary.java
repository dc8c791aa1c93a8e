package io.hotpair.drivers.uart;

import com.fazecast.jSerialComm.SerialPort;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Loads jSerialComm's native part from a folder that only this process's user can write.
 *
 * <p>Left to itself the library unpacks it into a folder of {@code /tmp} that everyone may write to, and prefers what it finds there:
 * any local user could put code into the node.
 */
final class SerialLibrary {
    private static final String LIBRARY_PATH = "jSerialComm.library.path";
    private static final String FILE = "libjSerialComm.so";

    private static final long EXIT_PATIENCE_NS = 2_000_000_000;

    private static final AtomicInteger OPEN_PORTS = new AtomicInteger();

    private static boolean loaded;

    private SerialLibrary() {}

    /** Loads the library; where it has no build for this machine's architecture it is left to find its own way. */
    static synchronized void load() throws IOException {
        if (loaded) {
            return;
        }
        String architecture = switch (System.getProperty("os.arch")) {
            case "amd64" -> "x86_64";
            case "aarch64" -> "armv8_64";
            default -> "";
        };
        String resource = "/Linux/" + architecture + "/" + FILE;
        // Named by a string, because naming the class itself would already load the native part.
        Path folder = null;
        try (InputStream in = architecture.isEmpty() || System.getProperty(LIBRARY_PATH) != null
                ? null
                : Class.forName("com.fazecast.jSerialComm.SerialPort", false, SerialLibrary.class.getClassLoader())
                        .getResourceAsStream(resource)) {
            if (in != null) {
                folder = Files.createTempDirectory("hotpair-serial"); // mode 0700
                Files.copy(in, folder.resolve(FILE));
                System.setProperty(LIBRARY_PATH, folder.toString());
            }
            Class.forName("com.fazecast.jSerialComm.SerialPort");
            // At exit the library frees its ports even while a thread reads, and beside the node's own shutdown, which may still
            // need the line to say that it leaves.
            SerialPort.addShutdownHook(new Thread(SerialLibrary::awaitPortsClosed, "uart-exit"));
            loaded = true;
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IOException("the serial library cannot be loaded: " + e, e);
        } finally {
            if (folder != null) {
                System.clearProperty(LIBRARY_PATH);
                // The mapping outlives the name.
                Files.deleteIfExists(folder.resolve(FILE));
                Files.deleteIfExists(folder);
            }
        }
    }

    static void portOpened() {
        OPEN_PORTS.incrementAndGet();
    }

    static void portClosed() {
        OPEN_PORTS.decrementAndGet();
    }

    private static void awaitPortsClosed() {
        long deadlineNs = System.nanoTime() + EXIT_PATIENCE_NS;
        while (OPEN_PORTS.get() > 0 && System.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
