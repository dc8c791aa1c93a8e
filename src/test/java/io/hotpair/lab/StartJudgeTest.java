package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.hotpair.core.EventCode;
import io.hotpair.core.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Board A (0) started first; times in ms. */
final class StartJudgeTest {
    private static final long MS = 1_000_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final StartJudge judge = new StartJudge(250 * MS, 10_000 * MS, 5 * MS);

    private static BoardEvent change(long atMs, EventCode cause, Role from, Role to) {
        return new BoardEvent(atMs * MS, cause.name(), (long) from.ordinal() << 8 | to.ordinal());
    }

    private static BoardEvent joining(long atMs) {
        return change(atMs, EventCode.SELF_TEST_PASSED, Role.BOOT, Role.JOINING);
    }

    private static BoardEvent leads(long atMs, EventCode cause) {
        return change(atMs, cause, Role.JOINING, Role.PRIMARY);
    }

    private static BoardEvent late(long atMs, long lateMs) {
        return new BoardEvent(atMs * MS, EventCode.LATE.name(), lateMs * MS);
    }

    /** A joins at that time and is ready at the other; B, which started {@code skewMs} later, leads at 3 s for this reason. */
    private String laterLeads(long skewMs, long noiseMs, long joinedMs, long readyMs, EventCode cause) {
        List<List<BoardEvent>> events = List.of(List.of(joining(joinedMs)), List.of(joining(700), leads(3_000, cause)));
        return judge.judge(new long[] {0, skewMs * MS}, new long[] {readyMs == NEVER ? NEVER : readyMs * MS, 2_900 * MS}, events, 1, noiseMs * MS);
    }

    @Test
    void theEarlierMayLeadForAnyReason() {
        List<List<BoardEvent>> events = List.of(List.of(joining(500), leads(3_000, EventCode.VERDICT)), List.of(joining(700)));
        assertEquals("", judge.judge(new long[] {0, 40 * MS}, new long[] {NEVER, NEVER}, events, 0, 0));
    }

    @Test
    void ofTwoThatWereReadyTheLaterMustNotLead() {
        assertNotEquals("", laterLeads(6, 0, 500, 2_000, EventCode.VERDICT));
        assertNotEquals("", laterLeads(6, 0, 500, 5_000, EventCode.VERDICT), "it would have been ready in time");
    }

    @Test
    void whatNobodyCanTellIsNotJudged() {
        assertEquals("", laterLeads(5, 0, 500, 2_000, EventCode.VERDICT));
        assertEquals("", laterLeads(25, 20, 500, 2_000, EventCode.VERDICT));
        assertNotEquals("", laterLeads(26, 20, 500, 2_000, EventCode.VERDICT));
    }

    @Test
    void oneThatIsNotReadyIsWaitedForOnlySoLong() {
        assertEquals("", laterLeads(40, 0, 500, NEVER, EventCode.VERDICT));
        assertEquals("", laterLeads(40, 0, 500, 10_500, EventCode.VERDICT));
        assertNotEquals("", laterLeads(40, 0, 500, 10_499, EventCode.VERDICT));
    }

    @Test
    void oneThatDidNotRunYetIsNotThere() {
        assertEquals("", laterLeads(40, 0, 2_900, NEVER, EventCode.NOBODY_THERE));
        assertNotEquals("", laterLeads(40, 0, 2_750, NEVER, EventCode.NOBODY_THERE), "it was joining for the settle time");
        assertEquals("", laterLeads(40, 0, 3_100, NEVER, EventCode.PEER_OUT));
        assertNotEquals("", laterLeads(40, 0, 2_900, NEVER, EventCode.PEER_OUT));
        assertNotEquals("", laterLeads(40, 0, 500, NEVER, EventCode.OPERATOR));
    }

    @Test
    void noiseIsWhatWasLateWhileBothWereJoining() {
        List<List<BoardEvent>> events = List.of(
                List.of(late(400, 400), joining(500), late(600, 90), late(800, 7), leads(3_000, EventCode.VERDICT), late(3_100, 80)),
                List.of(late(650, 600), joining(700), late(2_000, 9), late(4_000, 70)));
        assertEquals(9 * MS, StartJudge.noiseNs(events));
    }
}
