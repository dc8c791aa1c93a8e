package io.hotpair.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.core.EventCode;
import io.hotpair.node.status.CountersFile;
import io.hotpair.node.status.EventRing;
import io.hotpair.sync.SyncEvent;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of the replication pass through the ring of the core's and come out in words. */
class SyncEventTextTest {
    @TempDir
    private Path folder;

    private String text(SyncEvent event, long index, long detail) throws Exception {
        try (CountersFile file = CountersFile.create(folder.resolve("counters"), new CountersFile.Owner("pair", 0, 1, "", 1))) {
            file.seal();
            TaskOpener.events(file.events()).onEvent(event.ordinal(), 6, index, detail, 1);
            EventRing.Event read = new EventRing.Event();
            assertTrue(file.events().read(0, read));
            return EventText.of(read, List.of("main"));
        }
    }

    @Test
    void everyEventSaysItsIndex() throws Exception {
        for (SyncEvent event : SyncEvent.values()) {
            String text = text(event, 123_456_789_012L, 123_456_789_000L);

            assertTrue(text.startsWith("group main: "), text);
            boolean ofNone = event == SyncEvent.STATE_TOO_LARGE || event == SyncEvent.STAYS_COLD;
            assertEquals(!ofNone, text.contains("123456789012"), text);
        }
    }

    @Test
    void aDifferenceSaysHowFarBackTheBoardsAgreed() throws Exception {
        String text = text(SyncEvent.RESULTS_DIFFER, 123_456_789_012L, 123_456_789_000L);

        assertTrue(text.contains("12 records before"), text);
    }

    @Test
    void codesOfTheCoreAreNotTheReplications() {
        for (EventCode code : EventCode.values()) {
            assertNull(SyncEventText.of(code.ordinal()));
        }
        assertNotNull(SyncEventText.of(SyncEventText.FIRST_CODE));
        assertFalse(EventCode.values().length > SyncEventText.FIRST_CODE);
    }
}
