package io.hotpair.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SkippedTestsTest {
    private static String printed(Set<String> lines) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SkippedTests.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), lines);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void everyTestThatWasNotRunIsNamedWithItsReason() {
        assertEquals("NOT TESTED on this machine: 2%n  A.b: needs root%n  C (the whole class): no C compiler%n".formatted(),
                printed(new TreeSet<>(Set.of("C (the whole class): no C compiler", "A.b: needs root"))));
        assertEquals("", printed(Set.of()));
    }
}
