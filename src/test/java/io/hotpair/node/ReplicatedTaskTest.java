package io.hotpair.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.core.Role;
import io.hotpair.sync.SyncCounter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two boards with everything that a node's duty cycle runs, joined by memory, under a made-up clock. */
class ReplicatedTaskTest {
    private static final int A = 0;
    private static final int B = 1;

    @TempDir
    private Path folder;

    private TaskPair pair;
    private long fed;

    @BeforeEach
    void start() throws IOException {
        pair = new TaskPair(folder);
    }

    @AfterEach
    void close() throws IOException {
        pair.close();
    }

    private void whole() throws IOException {
        pair.start(A);
        pair.await("A leads", () -> pair.role(A) == Role.PRIMARY);
        pair.start(B);
        pair.await("B is in step", () -> pair.task(B).hot(0));
    }

    @Test
    void onlyThePrimarysWaysOutAreOpen() throws IOException {
        whole();
        assertTrue(pair.open(A));
        assertFalse(pair.open(B));

        pair.pause(A);
        pair.await("B leads", () -> pair.role(B) == Role.PRIMARY && pair.open(B));
        pair.resume(A);
        pair.cycle();
        assertFalse(pair.open(A), "whoever wakes asks the gate before anything leaves");
    }

    private static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void bothExecuteAndOneAnswers() throws IOException {
        whole();
        pair.feed(1, 500);
        pair.await("all is answered", () -> pair.answers(A).size() == 500);
        pair.await("B has executed as much", () -> pair.task(B).sync().heldIndex() == pair.task(A).sync().heldIndex());

        assertEquals(numbers(1, 500), pair.answers(A));
        assertEquals(List.of(), pair.answers(B));
        assertEquals(pair.digest(A), pair.digest(B));
    }

    @Test
    void whoReplacesADeadPrimaryGoesOnFromTheSameState() throws IOException {
        whole();
        pair.feed(1, 300);
        pair.await("some is answered", () -> pair.answers(A).size() >= 100);
        pair.kill(A);
        pair.feed(301, 400);
        pair.await("B has answered the newest", () -> pair.answers(B).contains(400L));

        assertEquals(numbers(1, 400), pair.firstAnswers(), "each input is answered, in order");
        assertTrue(pair.everyAnswerHasItsPlace(), "what is answered by both has the same place on both: nothing lost, nothing executed twice");
    }

    @Test
    void aBoardThatComesLaterIsGivenTheState() throws IOException {
        pair.start(A);
        pair.await("A leads", () -> pair.role(A) == Role.PRIMARY);
        pair.feed(1, 200);
        pair.await("A alone answers", () -> pair.answers(A).size() == 200);
        pair.start(B);
        pair.await("B is in step", () -> pair.task(B).hot(0));

        assertEquals(pair.digest(A), pair.digest(B));
    }

    /** What is taken in a cycle is bounded by time, whatever has come meanwhile. */
    @Test
    void aStateThatWaitsIsTakenInShortHelpings() throws IOException {
        pair.ballast(400 << 10);
        pair.start(A);
        pair.await("A leads", () -> pair.role(A) == Role.PRIMARY);
        feedFor(20, 500); // more than the log holds
        pair.await("A alone answers", () -> pair.answers(A).size() == 10_000);
        pair.start(B);
        pair.await("B follows", () -> pair.role(B) == Role.STANDBY);
        for (int i = 0; i < 10; i++) {
            pair.cycle(); // B says what it lacks, and A begins to send
        }
        pair.pause(B);
        for (int i = 0; i < 1_000; i++) {
            pair.cycle();
        }
        assertEquals(0, pair.task(B).sync().counter(SyncCounter.BASES_LOADED));
        pair.resume(B);
        pair.eachLookTakes(100_000);
        pair.cycle();
        assertEquals(0, pair.task(B).sync().counter(SyncCounter.BASES_LOADED), "all of it in one cycle");

        pair.eachLookTakes(0);
        pair.await("B is in step", () -> pair.task(B).hot(0));
        assertTrue(pair.task(B).sync().counter(SyncCounter.BASES_LOADED) > 0);
        assertEquals(pair.digest(A), pair.digest(B));
    }

    /** Before it is ready it costs its peer nothing; then it gets there from where it stands. */
    @Test
    void aBoardThatIsNotReadyTakesNoPart() throws IOException {
        pair.ready(B, false);
        pair.start(A);
        pair.await("A leads", () -> pair.role(A) == Role.PRIMARY);
        pair.start(B);
        pair.await("B follows", () -> pair.role(B) == Role.STANDBY);
        pair.feed(1, 200);
        pair.await("A answers without B", () -> pair.answers(A).size() == 200);
        assertEquals(0, pair.task(B).sync().heldIndex());
        assertEquals(0, pair.task(B).sync().counter(SyncCounter.INPUTS));
        assertFalse(pair.task(B).mayLead());
        assertTrue(pair.task(B).preparing());

        pair.ready(B, true);
        pair.await("B is in step", () -> pair.task(B).hot(0));
        pair.kill(A);
        pair.feed(201, 220);
        pair.await("B answers", () -> pair.answers(B).contains(220L));
        assertTrue(pair.everyAnswerHasItsPlace());
    }

    @Test
    void aBoardThatIsNotReadyDoesNotLead() throws IOException {
        pair.ready(A, false);
        pair.start(A);
        for (int i = 0; i < 1_000; i++) {
            pair.cycle();
        }
        assertEquals(Role.JOINING, pair.role(A));
        pair.ready(A, true);
        pair.await("A leads", () -> pair.role(A) == Role.PRIMARY);
    }

    @Test
    void aPeerOfAnotherConfigurationIsNeverInStep() throws IOException {
        pair.sameConfiguration(false);
        pair.start(A);
        pair.await("A leads", () -> pair.role(A) == Role.PRIMARY);
        pair.start(B);
        pair.await("B holds what A does", () -> pair.role(B) == Role.STANDBY && pair.task(B).sync().heldIndex() > 0);
        pair.feed(1, 50);
        pair.await("A answers", () -> pair.answers(A).size() == 50);

        assertFalse(pair.task(B).hot(0));
        assertFalse(pair.task(A).sync().granted());
    }

    @Test
    void aFloodIsTakenInHelpingsWithoutALongSleepBetweenThem() throws IOException {
        pair.start(A);
        pair.await("A leads", () -> pair.role(A) == Role.PRIMARY);
        pair.cycle();
        long before = pair.taken(A);
        pair.feed(1, 3_000);
        pair.cycle();

        assertEquals(1_024, pair.taken(A) - before, "no more in one cycle");
        assertTrue(pair.sleepNs(A) <= InputPace.LOOK_NS, "the next helping is taken soon");
        pair.await("all is answered", () -> pair.answers(A).size() == 3_000);
    }

    @Test
    void inputsThatComeFastAreLookedForAtAPaceAndOthersAtOnce() throws IOException {
        whole();
        feedFor(20, 5);
        long fromNs = pair.nowNs();
        long looks = pair.looks(A);
        feedFor(20, 100);
        long most = (pair.nowNs() - fromNs) / InputPace.LOOK_NS + 1;
        assertTrue(pair.looks(A) - looks <= most, (pair.looks(A) - looks) + " looks in " + (pair.nowNs() - fromNs) / 1_000 + " us");
        pair.await("all is answered", () -> pair.answers(A).size() == 20 * 105);

        feedFor(1, 10);
        looks = pair.looks(A);
        for (int i = 0; i < 10; i++) {
            pair.cycle();
        }
        assertEquals(10, pair.looks(A) - looks, "a look each cycle");
        pair.await("the rest is answered", () -> pair.answers(A).size() == 20 * 105 + 10);
        assertEquals(pair.digest(A), pair.digest(B));
    }

    /** Feeds both boards each millisecond. */
    private void feedFor(int each, int milliseconds) {
        for (int i = 0; i < milliseconds; i++) {
            long untilNs = pair.nowNs() + 1_000_000;
            pair.feed(fed + 1, fed + each);
            fed += each;
            while (pair.nowNs() - untilNs < 0) {
                pair.cycle();
            }
        }
    }

    @Test
    void whoWakesAfterItsSuccessorSaysNothing() throws IOException {
        whole();
        pair.feed(1, 100);
        pair.await("A answers", () -> pair.answers(A).size() == 100);
        pair.pause(A);
        pair.await("B leads", () -> pair.role(B) == Role.PRIMARY);
        pair.feed(101, 120);
        pair.resume(A);
        pair.await("B answers and A is in step with it", () -> pair.answers(B).contains(120L) && pair.task(A).hot(0));

        assertEquals(100, pair.answers(A).size());
        assertEquals(pair.digest(A), pair.digest(B));
    }
}
