package io.hotpair.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hotpair.core.EventCode;
import io.hotpair.core.Role;
import io.hotpair.node.status.CountersFile;
import io.hotpair.node.status.EventRing;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
    private static final String MET = "INFO the peer is heard, boot 0000000b";
    private static final String LOST = "WARN REDUNDANCY LOST: the peer is gone, boot 0000000b";
    private static final String LEFT = "INFO the peer left in good order; no redundancy until it is back, boot 0000000b";

    @TempDir
    private Path folder;
    private CountersFile file;
    private EventRing.Cursor cursor;
    private final EventLog log = new EventLog(timeNs -> timeNs + 3_600_000_000_000L, ZoneOffset.UTC, List.of("left", "right"));

    @BeforeEach
    void aRing() throws Exception {
        file = CountersFile.create(folder.resolve("counters"), new CountersFile.Owner("pair", 0, 1, "1", 0));
        file.seal();
        cursor = file.events().cursor(0);
    }

    @AfterEach
    void end() throws Exception {
        file.close();
    }

    private void happens(EventCode... codes) {
        for (EventCode code : codes) {
            file.events().onEvent(code.ordinal(), -1, 0, 11, 1_500_000);
        }
    }

    private void becomes(Role from, Role to) {
        file.events().onEvent(EventCode.PEER_LEADS.ordinal(), 0, 0, from.ordinal() << 8 | to.ordinal(), 1_500_000);
    }

    /** Level and text without the time; without changes of the own role. */
    private List<String> told() {
        List<String> lines = new ArrayList<>();
        EventRing.Event event = new EventRing.Event();
        while (cursor.poll(event)) {
            EventLog.Line line = log.line(event);
            if (!line.text().contains(" -> ")) {
                lines.add((line.warning() ? "WARN " : "INFO ") + line.text().replace(" (at 01:00:00.001500)", ""));
            }
        }
        return lines;
    }

    @Test
    void eachLineHasTheTimeOfItsEvent() {
        happens(EventCode.PEER_BACK);
        EventRing.Event event = new EventRing.Event();
        cursor.poll(event);
        assertEquals("the peer is heard, boot 0000000b (at 01:00:00.001500)", log.line(event).text());
    }

    @Test
    void groupsAreCalledByTheirNames() {
        file.events().onEvent(EventCode.GATE_OPENED.ordinal(), 1, 7, 0, 0);
        file.events().onEvent(EventCode.GATE_SHUT.ordinal(), 0, 7, 0, 0);
        EventRing.Event event = new EventRing.Event();
        cursor.poll(event);
        assertEquals("group right: gate open, term 7", log.text(event));
        cursor.poll(event);
        assertEquals("group left: gate shut, term 7", log.text(event));
    }

    @Test
    void aBoardWithoutAPlaceLosesNoRedundancy() {
        becomes(Role.BOOT, Role.JOINING);
        happens(EventCode.PEER_BACK, EventCode.PEER_LOST, EventCode.PEER_BACK);
        assertEquals(List.of(MET, "INFO the peer is not heard any more; this board is still looking for its place", MET), told());
    }

    @Test
    void aPeerThatFallsSilentOrDiesIsALoss() {
        becomes(Role.JOINING, Role.STANDBY);
        happens(EventCode.PEER_BACK, EventCode.PEER_LOST, EventCode.PEER_BACK, EventCode.PEER_LOST);
        assertEquals(List.of(MET, LOST, MET, LOST), told());
    }

    @Test
    void aPeerThatStopsInGoodOrderIsNoLoss() {
        becomes(Role.JOINING, Role.PRIMARY);
        happens(EventCode.PEER_BACK, EventCode.PEER_LEFT, EventCode.PEER_BACK, EventCode.PEER_LOST);
        assertEquals(List.of(MET, LEFT, MET, LOST), told());
    }
}
