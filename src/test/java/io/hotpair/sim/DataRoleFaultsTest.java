package io.hotpair.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.sync.Commit;
import io.hotpair.sync.SyncCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pauses, failing tasks and what follows from them for the data: rows of the fault table on two boards that run the real replication. */
class DataRoleFaultsTest {
    private static DataProfile calm(Commit commit, boolean mirror) {
        DataProfile data = new DataProfile();
        data.commit = commit;
        data.mirror = mirror;
        data.inputLossPermille = 0;
        data.inputGapNs = 3 * Rig.MS;
        return data;
    }

    private static void expectAllAnswered(Rig rig) {
        rig.world.data().quiet = true;
        for (int i = 0; i < 200 && !rig.world.data().allAcknowledged(); i++) {
            rig.run(5);
        }
        assertTrue(rig.world.data().allAcknowledged(), () -> rig.world.data().unanswered() + rig.text());
        rig.world.data().checker.atTheEnd(0, rig.open(0) ? 0 : 1);
        assertEquals(0, rig.world.data().checker.excusedReigns, "nothing that was acknowledged is missing");
    }

    @ParameterizedTest
    @EnumSource(Commit.class)
    void row02PauseShorterThanTheLeaseCostsNothing(Commit commit) {
        Rig rig = Rig.together(calm(commit, commit == Commit.DURABLE));
        int leader = rig.expectOneLeader();
        int changes = rig.roleChanges();
        for (int i = 0; i < 20; i++) {
            rig.world.board(leader).pause(Rig.MS * 23 / 10);
            rig.run(20.37);
        }
        rig.expectNoChangeSince(changes);
        expectAllAnswered(rig);
        assertEquals(0, rig.world.data().checker.repetitions, "nothing may have left twice");
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 10, 50, 250})
    void row03LongPauseOfThePrimaryLosesNothing(int ms) {
        for (Commit commit : new Commit[] {Commit.BOTH, Commit.DURABLE}) {
            Rig rig = Rig.together(calm(commit, commit == Commit.DURABLE));
            int leader = rig.expectOneLeader();
            rig.world.board(leader).pause(ms * Rig.MS);
            rig.untilOpen(1 - leader);
            rig.run(ms + 600);
            rig.expectLeader(1 - leader, 0);
            expectAllAnswered(rig);
        }
    }

    @Test
    void row03WhoWakesAfterTheSuccessorHasGoneMarksWhatMayHaveLeft() {
        int repetitions = 0;
        for (int us = 0; us < 10_000; us += 500) {
            DataProfile data = calm(Commit.BOTH, false);
            data.taskCycles = 2; // outputs wait
            Rig rig = Rig.together(data);
            rig.world.runFor(us * 1000L);
            rig.a().pause(60 * Rig.MS);
            rig.untilOpen(1);
            rig.run(10);
            int before = rig.world.data().checker.repetitions;
            rig.world.powerCut(1, 0);
            rig.run(400);
            assertTrue(rig.open(0), "it goes on");
            repetitions += rig.world.data().checker.repetitions - before;
        }
        assertTrue(repetitions > 0, "some of it had waited");
    }

    @Test
    void row04CollectionOnThePrimaryIsAPauseLikeAnyOther() {
        for (int tenths = 1; tenths < 120; tenths += 7) {
            Rig rig = Rig.together(calm(Commit.BOTH, false));
            rig.a().pause(tenths * Rig.MS / 10);
            rig.run(400);
            rig.expectOneLeader();
            expectAllAnswered(rig);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8, 100, 250})
    void row05PauseOfTheStandbyDelaysNoOutputForGood(int ms) {
        Rig rig = Rig.together(calm(Commit.BOTH, false));
        int changes = rig.roleChanges();
        for (int i = 0; i < 3; i++) {
            int before = rig.world.data().acknowledgedInputs[0];
            rig.b().pause(ms * Rig.MS);
            rig.run(ms + 40.21);
            assertTrue(rig.world.data().acknowledgedInputs[0] > before);
        }
        rig.run(200);
        rig.expectNoChangeSince(changes);
        rig.expectLeader(0, 0);
        expectAllAnswered(rig);
    }

    @Test
    void row05StandbyThatStoodStillWhileThePrimaryWentAloneIsNotHotWhenItWakes() {
        Rig rig = Rig.together(calm(Commit.BOTH, true));
        int leader = rig.expectOneLeader();
        rig.world.board(1 - leader).pause(60 * Rig.MS);
        rig.run(50);
        rig.world.powerCut(leader, 0); // it has acknowledged alone meanwhile
        rig.run(500);
        assertFalse(rig.open(1 - leader), "it cannot have what was acknowledged alone");
        rig.world.powerOn(leader);
        rig.run(800);
        rig.expectLeader(leader, 0);
        expectAllAnswered(rig);
    }

    @Test
    void row39TaskOfTheStandbyCrashesAndGetsItsStateBack() {
        Rig rig = Rig.together(calm(Commit.BOTH, true));
        int leader = rig.expectOneLeader();
        rig.data(1 - leader).task(0).crash(30 * Rig.MS);
        rig.run(10);
        assertFalse(rig.data(1 - leader).hot(0), "without its task it is no standby");
        rig.run(400);
        rig.expectLeader(leader, 0);
        assertEquals(1, rig.data(1 - leader).counter(0, SyncCounter.BASES_LOADED));
        expectAllAnswered(rig);
    }

    @Test
    void row39TaskOfThePrimaryCrashesAndTheRoleMoves() {
        Rig rig = Rig.together(calm(Commit.BOTH, true));
        int leader = rig.expectOneLeader();
        rig.data(leader).task(0).crash(30 * Rig.MS);
        rig.world.board(leader).ports.conditions.penalty = 30; // as a node counts it
        rig.untilOpen(1 - leader);
        rig.world.board(leader).ports.conditions.penalty = 0;
        rig.run(500);
        rig.expectLeader(1 - leader, 0);
        expectAllAnswered(rig);
    }

    @Test
    void row09WhoHasHeardOfNewerDataDoesNotLeadByItsMark() {
        Rig rig = Rig.together(calm(Commit.BOTH, true));
        int leader = rig.expectOneLeader();
        int other = 1 - leader;
        rig.world.powerCut(other, 0);
        rig.run(100);
        rig.world.board(leader).disk.refuses = true;
        rig.world.powerOn(other);
        rig.run(150);
        rig.world.powerCut(leader, 0);
        rig.world.board(leader).disk.refuses = false;
        rig.world.board(other).ports.conditions.mayLead = false;
        rig.run(20);
        rig.world.powerOn(leader);
        rig.run(300);
        assertFalse(rig.open(leader), "the other one has newer data");
        rig.world.powerCut(other, 0);
        rig.run(1000);
        assertFalse(rig.open(leader), "nor is it newer because nobody is there to say so");
        rig.world.board(other).ports.conditions.mayLead = true;
        rig.world.powerOn(other);
        rig.run(800);
        rig.expectOneLeader();
    }

    @Test
    void row09WhoLeadsByAMarkHasOnItsDiskWhatItsStandbyHas() {
        for (int us = 0; us < 20_000; us += 2000) {
            Rig rig = Rig.together(calm(Commit.BOTH, true));
            int leader = rig.expectOneLeader();
            rig.world.board(leader).disk.writeNs = 15 * Rig.MS;
            rig.world.board(1 - leader).disk.writeNs = 50_000;
            rig.data(0).sync(0).compatible(false); // a standby that stays COLD
            rig.data(1).sync(0).compatible(false);
            rig.run(100);
            rig.world.runFor(us * 1000L);
            rig.world.powerCut(leader, 0);
            rig.run(10);
            rig.world.powerCut(1 - leader, 0);
            rig.run(20);
            rig.world.powerOn(leader);
            rig.untilOpen(leader); // judged there
        }
    }
}
