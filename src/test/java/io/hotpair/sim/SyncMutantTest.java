package io.hotpair.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The replication is broken on purpose in several ways. A safety invariant has to notice each within some seeds, counted from one that is known to
 * do, and nothing may be wrong with the unbroken one on any of the seeds that it took.
 */
class SyncMutantTest {
    private static final int SEEDS = 400;
    private static final long NS = 3_000_000_000L;
    /** What the unbroken replication has passed. */
    private static final Set<String> PASSED = new HashSet<>();

    @ParameterizedTest
    @EnumSource(SyncMutant.class)
    void isCaught(SyncMutant mutant) {
        String caught = mutant.hunt(mutant.seed, SEEDS, NS);
        assertNotNull(caught, mutant + " got through " + SEEDS + " seeds from " + mutant.seed);
        System.out.println(mutant + " caught by " + caught.lines().findFirst().orElse(""));
        long seed = Long.parseLong(caught.substring("seed ".length(), caught.indexOf(':')));
        for (long s = mutant.seed; s <= seed; s++) {
            assertTrue(!PASSED.add(mutant.place() + s) || mutant.unbroken(s, NS) == null,
                    "the unbroken replication passes all seeds that the mutant was hunted with");
        }
    }

    @Test
    void thereAreSixteenRulesToBreak() {
        assertEquals(16, SyncMutant.values().length);
    }
}
