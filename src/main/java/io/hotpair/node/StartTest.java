package io.hotpair.node;

import io.hotpair.drivers.linux.NativeHmacSeal;
import io.hotpair.wire.Crc32cSeal;
import io.hotpair.wire.HmacSeal;
import io.hotpair.wire.Seal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What a node makes sure of before it looks for its peer: that this processor and memory compute what frames rest on. Known answers: HMAC-SHA256
 * test case 2 of RFC 4231 with its key padded as RFC 2104 allows, and the CRC-32C check value of "123456789".
 */
final class StartTest {
    private static final byte[] TEXT = "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HMAC = HexFormat.of().parseHex("5bdcc146bf60754e6a042426089575c7");
    private static final byte[] DIGITS = "123456789".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CRC = HexFormat.of().parseHex("839206e3");
    private static final int MEMORY_BYTES = 1 << 20;
    private static final byte[] PATTERNS = {0x55, (byte) 0xAA, 0x00, (byte) 0xFF};

    private StartTest() { }

    /** Names what failed, or null. */
    static String firstFailure() {
        // RFC 2104 pads a short key with zeros, so the four-byte key "Jefe" and its padded form give the same answer.
        byte[] key = Arrays.copyOf(new byte[] {'J', 'e', 'f', 'e'}, 16);
        if (!sealIs(new HmacSeal(key), TEXT, HMAC) || !sealIs(NativeHmacSeal.of(key, TEXT.length), TEXT, HMAC)) {
            return "HMAC-SHA256 computes a wrong answer";
        }
        if (!sealIs(new Crc32cSeal(), DIGITS, CRC)) {
            return "CRC-32C computes a wrong answer";
        }
        return memoryHolds() ? null : "memory does not hold a pattern";
    }

    private static boolean sealIs(Seal seal, byte[] text, byte[] expected) {
        byte[] buffer = Arrays.copyOf(text, text.length + seal.lengthBytes());
        seal.seal(buffer, 0, text.length);
        return Arrays.equals(buffer, text.length, buffer.length, expected, 0, expected.length);
    }

    private static boolean memoryHolds() {
        byte[] memory = new byte[MEMORY_BYTES];
        int half = MEMORY_BYTES / 2;
        for (byte pattern : PATTERNS) {
            Arrays.fill(memory, pattern);
            // halves against each other: eight bytes a step, which this code, not compiled yet, needs in order to be quick
            if (memory[0] != pattern || Arrays.mismatch(memory, 0, half, memory, half, MEMORY_BYTES) >= 0
                    || Arrays.mismatch(memory, 0, half - Long.BYTES, memory, Long.BYTES, half) >= 0) {
                return false;
            }
        }
        return true;
    }
}
