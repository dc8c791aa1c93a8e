package io.hotpair.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The core is broken on purpose in several ways. A safety invariant has to notice each within some seeds, and nothing may be wrong with the
 * unbroken core on any of the seeds that it took.
 */
class MutantTest {
    private static final int SEEDS = 400;
    private static final long NS = 2_000_000_000L;
    /** The unbroken core has passed the seeds 1 to this one. */
    private static long passed;

    @ParameterizedTest
    @EnumSource(Mutant.class)
    void isCaught(Mutant mutant) {
        String caught = mutant.hunt(1, SEEDS, NS);
        assertNotNull(caught, mutant + " got through " + SEEDS + " seeds");
        System.out.println(mutant + " caught by " + caught.lines().findFirst().orElse(""));
        long seed = Long.parseLong(caught.substring("seed ".length(), caught.indexOf(':')));
        for (; passed < seed; passed++) {
            assertNull(SeedEntry.run(passed + 1, NS), "the unbroken core passes all seeds that the mutant was hunted with");
        }
    }

    @Test
    void thereAreNineRulesToBreak() {
        assertEquals(10, Mutant.values().length, "a term is reused in two ways");
    }
}
