package io.hotpair.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The core is broken on purpose in several ways; the simulator has to notice each, and nothing on the same seeds of the unbroken one. */
class MutantTest {
    private static final int SEEDS = 100;
    private static final long NS = 5_000_000_000L;

    @ParameterizedTest
    @EnumSource(Mutant.class)
    void isCaught(Mutant mutant) {
        String caught = mutant.hunt(1, SEEDS, NS);
        assertNotNull(caught, mutant + " got through " + SEEDS + " seeds");
        System.out.println(mutant + " caught by " + caught.lines().findFirst().orElse(""));
        long seed = Long.parseLong(caught.substring("seed ".length(), caught.indexOf(':')));
        assertNull(SeedEntry.run(seed, NS), "the unbroken core passes that seed");
    }

    @Test
    void thereAreEightRulesToBreak() {
        assertEquals(9, Mutant.values().length, "a term is reused in two ways");
    }
}
