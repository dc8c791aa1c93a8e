package io.hotpair.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The replication is broken on purpose in several ways. A safety invariant has to notice each within some seeds, and nothing may be wrong with the
 * unbroken one on any of the seeds that it took.
 */
class SyncMutantTest {
    private static final int SEEDS = 400;
    private static final long NS = 3_000_000_000L;
    /** The unbroken replication has passed the seeds 1 to this one. */
    private static long passed;

    @ParameterizedTest
    @EnumSource(SyncMutant.class)
    void isCaught(SyncMutant mutant) {
        String caught = mutant.hunt(1, SEEDS, NS);
        assertNotNull(caught, mutant + " got through " + SEEDS + " seeds");
        System.out.println(mutant + " caught by " + caught.lines().findFirst().orElse(""));
        long seed = Long.parseLong(caught.substring("seed ".length(), caught.indexOf(':')));
        for (; passed < seed; passed++) {
            assertNull(SeedEntry.runData(passed + 1, NS), "the unbroken replication passes all seeds that the mutant was hunted with");
        }
    }

    @Test
    void thereAreTenRulesToBreak() {
        assertEquals(10, SyncMutant.values().length);
    }
}
