package io.hotpair.drivers.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RealTimeTest {
    /** Steps act on the calling thread, so each test has one of its own. */
    private static void onOwnThread(Runnable test) throws InterruptedException {
        Throwable[] failure = new Throwable[1];
        Thread thread = Thread.ofPlatform().unstarted(test);
        thread.setUncaughtExceptionHandler((t, cause) -> failure[0] = cause);
        thread.start();
        thread.join();
        if (failure[0] != null) {
            throw new AssertionError(failure[0]);
        }
    }

    @Test
    void fifoIsEitherOnOrExplained() throws Exception {
        onOwnThread(() -> {
            String warning = RealTime.fifo(1);
            assertEquals(warning == null, RealTime.isFifo());
            if (warning != null) {
                assertTrue(warning.contains("LimitRTPRIO") || warning.contains("CAP_SYS_NICE"), warning);
            }
            RealTime.ordinary();
            assertTrue(!RealTime.isFifo());
        });
        assertTrue(!RealTime.isFifo(), "only the calling thread");
        assertThrows(IllegalArgumentException.class, () -> RealTime.fifo(0));
        assertThrows(IllegalArgumentException.class, () -> RealTime.fifo(100));
    }

    @Test
    void pinningToAProcessorThatIsNotThereIsExplained() throws Exception {
        onOwnThread(() -> {
            String warning = RealTime.pin(1023);
            assertTrue(warning.contains("processor 1023") && warning.contains("AllowedCPUs"), warning);
        });
    }

    @Test
    void pinsTheCallingThread() throws Exception {
        onOwnThread(() -> {
            int cpu = Integer.numberOfTrailingZeros(Integer.parseUnsignedInt(status("Cpus_allowed").replaceAll(".*,", ""), 16));
            assertNull(RealTime.pin(cpu));
            assertEquals(Integer.toString(cpu), status("Cpus_allowed_list"));
        });
    }

    @Test
    void timerSlackAndThreadId() throws Exception {
        onOwnThread(() -> {
            assertNull(RealTime.timerSlack());
            assertNotEquals(ProcessHandle.current().pid(), RealTime.gettid());
            assertTrue(Files.exists(Path.of("/proc/self/task/" + RealTime.gettid())));
        });
    }

    private static String status(String key) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/thread-self/status"))) {
                if (line.startsWith(key + ":")) {
                    return line.substring(key.length() + 1).strip();
                }
            }
            throw new AssertionError("no " + key);
        } catch (java.io.IOException cause) {
            throw new AssertionError(cause);
        }
    }
}
