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
 * The core is broken on purpose in several ways. A safety invariant has to notice each within some seeds, counted from one that is known to do, and
 * nothing may be wrong with the unbroken core on any of the seeds that it took.
 */
class MutantTest {
    private static final int SEEDS = 400;
    private static final long NS = 2_000_000_000L;
    /** What the unbroken core has passed. */
    private static final Set<Long> PASSED = new HashSet<>();

    @ParameterizedTest
    @EnumSource(Mutant.class)
    void isCaught(Mutant mutant) {
        String caught = mutant.hunt(mutant.seed, SEEDS, NS);
        assertNotNull(caught, mutant + " got through " + SEEDS + " seeds from " + mutant.seed);
        System.out.println(mutant + " caught by " + caught.lines().findFirst().orElse(""));
        long seed = Long.parseLong(caught.substring("seed ".length(), caught.indexOf(':')));
        for (long s = mutant.seed; s <= seed; s++) {
            assertTrue(!PASSED.add(s) || SeedEntry.run(s, NS) == null, "the unbroken core passes all seeds that the mutant was hunted with");
        }
    }

    @Test
    void thereAreNineRulesToBreak() {
        assertEquals(10, Mutant.values().length, "a term is reused in two ways");
    }
}
