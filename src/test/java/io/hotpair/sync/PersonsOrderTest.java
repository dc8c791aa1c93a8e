package io.hotpair.sync;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.sync.port.OutputPort;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A board with an empty journal that hears nobody: it leads on a person's order only, and that order is good once. */
class PersonsOrderTest {
    private static final long START_NS = 1_000_000_000;
    private final GroupSync sync = new GroupSync(SyncConfig.of(0, Commit.BOTH).log(1024, 1 << 20).outputs(64, 64 << 10), new Wire(),
            new FixedTask(), new FixedJournal(), new OutputPort() {
                @Override
                public boolean replays(int port) {
                    return true;
                }

                @Override
                public int emit(int port, long number, boolean repetition, byte[] buffer, int offset, int lengthBytes) {
                    return EMITTED;
                }
            }, (code, term, index, detail, atNs) -> { }, 1, START_NS);

    @BeforeEach
    void recovered() {
        sync.doWork(START_NS);
        assertFalse(sync.mayLead());
    }

    @Test
    void orderThatIsRefusedIsUndone() {
        sync.lead(true);
        assertTrue(sync.mayLead());
        sync.lead(false);
        assertFalse(sync.mayLead(), "it leads later by no order that was refused");
    }

    @Test
    void orderIsVoidOnceTheBoardHasLed() {
        sync.lead(true);
        sync.onRole(0, true, 2);
        sync.lead(true); // the answer that it was taken
        sync.doWork(START_NS + 1_000_000);
        assertTrue(sync.mayLead());
        sync.onRole(0, false, 2);
        sync.doWork(START_NS + 2_000_000);
        assertFalse(sync.mayLead());
    }
}
