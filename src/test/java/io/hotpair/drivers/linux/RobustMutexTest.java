package io.hotpair.drivers.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hotpair.drivers.linux.RobustMutex.Outcome;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RobustMutexTest {
    @TempDir
    Path folder;

    @Test
    void isHeldByOneThreadUntilReleased() throws Exception {
        RobustMutex mutex = RobustMutex.create(file());
        assertEquals(Outcome.LOCKED, mutex.lock());
        assertEquals(Outcome.BUSY, onOtherThread(mutex, true));
        mutex.unlock();
        assertEquals(Outcome.LOCKED, onOtherThread(mutex, true));
        assertEquals(Outcome.LOCKED, mutex.tryLock());
        mutex.unlock();
    }

    @Test
    void aThreadThatEndsWithItIsNoticed() throws Exception {
        RobustMutex mutex = RobustMutex.create(file());
        assertEquals(Outcome.LOCKED, onOtherThread(mutex, false));
        assertEquals(Outcome.OWNER_DIED, lockWithinReason(mutex));
        assertEquals(Outcome.LOCKED, mutex.tryLock(), "usable again");
        mutex.unlock();
    }

    @Test
    void aKilledProcessIsNoticed() throws Exception {
        RobustMutex mutex = RobustMutex.create(file());
        Process child = ChildJvm.start(Holder.class, folder.resolve("mutex").toString());
        try (BufferedReader output = new BufferedReader(new InputStreamReader(child.getInputStream()))) {
            assertEquals("held", output.readLine());
            assertEquals(Outcome.BUSY, mutex.tryLock());
            child.destroyForcibly();
            assertEquals(Outcome.OWNER_DIED, lockWithinReason(mutex));
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void needsRoom() {
        assertThrows(IllegalArgumentException.class, () -> RobustMutex.create(Arena.global().allocate(32, 8)));
    }

    /** Takes the mutex in another process and stays. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            RobustMutex.attach(MappedFile.open(Path.of(arguments[0]), true, Arena.global())).lock();
            System.out.println("held");
            Thread.sleep(60_000);
        }
    }

    private MemorySegment file() throws Exception {
        return MappedFile.create(folder.resolve("mutex"), RobustMutex.BYTES, "rw-------", Arena.global());
    }

    /** A lock that never comes cannot be interrupted, so it is tried on a thread that can be left behind. */
    private static Outcome lockWithinReason(RobustMutex mutex) throws InterruptedException {
        Outcome[] outcome = new Outcome[1];
        Thread thread = Thread.ofPlatform().daemon(true).start(() -> {
            outcome[0] = mutex.lock();
            mutex.unlock();
        });
        thread.join(10_000);
        return outcome[0];
    }

    private static Outcome onOtherThread(RobustMutex mutex, boolean release) throws InterruptedException {
        Outcome[] outcome = new Outcome[1];
        Thread thread = Thread.ofPlatform().start(() -> {
            outcome[0] = mutex.tryLock();
            if (release && outcome[0] != Outcome.BUSY) {
                mutex.unlock();
            }
        });
        thread.join();
        return outcome[0];
    }
}
