package io.hotpair.drivers.uart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FramingTest {
    private final List<String> found = new ArrayList<>();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void feed(Framing framing, String... chunks) {
        for (String chunk : chunks) {
            framing.feed(bytes(chunk), chunk.length(), (line, length) -> found.add(new String(line, 0, length, StandardCharsets.ISO_8859_1)));
        }
    }

    @Test
    void onlyWholeLinesWithinTheBound() {
        LineFraming framing = new LineFraming(4);
        feed(framing, "x\n", "ab", "c\r\n", "1234\n", "1234\r\n", "12345\n", "123456\r\n", "ok\n", "part");
        framing.reset();
        feed(framing, "end\nnew\n");
        assertEquals(List.of("abc", "1234", "1234", "ok", "new"), found);
        assertEquals(2, framing.overruns());
        byte[] out = new byte[framing.encodedLengthMax(3)];
        assertEquals(4, framing.encode(bytes("xabc"), 1, 3, out));
        framing.onCut();
        assertEquals(5, framing.encode(bytes("xabc"), 1, 3, out));
        assertArrayEquals(bytes("\nabc\n"), out);
    }

    @Test
    void textHasNoControlCharactersButTabsAndAnyHighBytes() {
        LineFraming framing = new LineFraming(10);
        feed(framing, "\n20\u00b0C\n", "a\tb\n", "a\0b\n", "a\rb\n", "a\u007fb\n");
        assertEquals(List.of("20\u00b0C", "a\tb"), found);
        assertEquals(3, framing.malformed());
    }

    @Test
    void anUnsealedFrameWaitsForTheFirstZeroASealedOneDoesNot() {
        CobsFraming unsealed = new CobsFraming(10, false);
        feed(unsealed, "\3ab\0", "\3cd\0");
        assertEquals(List.of("cd"), found);
        unsealed.reset();
        feed(unsealed, "\3ef\0", "\3gh\0");
        assertEquals(List.of("cd", "gh"), found);
        feed(new CobsFraming(10, true), "\3ij\0");
        assertEquals(List.of("cd", "gh", "ij"), found);
    }
}
