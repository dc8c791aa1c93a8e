package io.hotpair.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.linux.Allocation;
import io.hotpair.drivers.linux.NativeHmacSeal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class SealTest {
    private static final int LONGEST_BYTES = 8192;

    /** In Java, and by OpenSSL where this machine has it. */
    private static Seal[] hmacs(byte[] key) {
        return new Seal[] {new HmacSeal(key), NativeHmacSeal.of(key, LONGEST_BYTES)};
    }

    @Test
    void thisMachineTestsBoth() {
        assertTrue(NativeHmacSeal.available(),
                "no libcrypto.so.3 here: apt install libssl3 (Debian 12) or libssl3t64 (13), else one HMAC is not tested");
        assertTrue(hmacs(new byte[32])[1] instanceof NativeHmacSeal);
    }

    @Test
    void hmacGivesTheAnswerOfRfc4231() {
        byte[] key = new byte[20]; // test case 1
        Arrays.fill(key, (byte) 0x0b);
        for (Seal seal : hmacs(key)) {
            assertArrayEquals(HexFormat.of().parseHex("b0344c61d8db38535ca8afceaf0bf12b"),
                    sealOf(seal, "Hi There".getBytes(StandardCharsets.US_ASCII)));
        }
    }

    @Test
    void hmacAgreesWithThePlatformForEveryLength() throws GeneralSecurityException {
        Random random = new Random(7);
        byte[] key = new byte[32];
        random.nextBytes(key);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        for (int length = 0; length <= LONGEST_BYTES; length += length < 200 ? 1 : 97) {
            byte[] message = new byte[length];
            random.nextBytes(message);
            byte[] expected = Arrays.copyOf(mac.doFinal(message), HmacSeal.SEAL_BYTES);
            for (Seal seal : hmacs(key)) {
                assertArrayEquals(expected, sealOf(seal, message), seal + ", length " + length);
            }
        }
    }

    @Test
    void crcGivesTheCheckValueOfCrc32c() {
        assertArrayEquals(HexFormat.of().parseHex("839206e3"),
                sealOf(new Crc32cSeal(), "123456789".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void everyFlippedBitIsFound() {
        Seal[] hmacs = hmacs(new byte[32]);
        for (Seal seal : new Seal[] {hmacs[0], hmacs[1], new Crc32cSeal()}) {
            byte[] buffer = new byte[Frame.LENGTH_BYTES + seal.lengthBytes()];
            seal.seal(buffer, 0, Frame.LENGTH_BYTES);
            assertTrue(seal.verify(buffer, 0, Frame.LENGTH_BYTES));
            for (int bit = 0; bit < buffer.length * 8; bit++) {
                buffer[bit / 8] ^= (byte) (1 << bit % 8);
                assertFalse(seal.verify(buffer, 0, Frame.LENGTH_BYTES), "bit " + bit);
                buffer[bit / 8] ^= (byte) (1 << bit % 8);
            }
        }
    }

    @Test
    void anotherKeyDoesNotFit() {
        byte[] buffer = new byte[Frame.LENGTH_BYTES + HmacSeal.SEAL_BYTES];
        byte[] other = new byte[32];
        other[31] = 1;
        for (int i = 0; i < 2; i++) {
            hmacs(new byte[32])[i].seal(buffer, 0, Frame.LENGTH_BYTES);
            assertFalse(hmacs(other)[i].verify(buffer, 0, Frame.LENGTH_BYTES));
            assertTrue(hmacs(new byte[32])[1 - i].verify(buffer, 0, Frame.LENGTH_BYTES), "the two agree");
        }
    }

    @Test
    void aShortKeyIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new HmacSeal(new byte[15]));
        assertThrows(IllegalArgumentException.class, () -> NativeHmacSeal.of(new byte[15], LONGEST_BYTES));
    }

    @Test
    void sealingAllocatesNothing() throws Exception {
        assertEquals(0, Allocation.steadyStateBytes(SealAndVerify.class));
    }

    static final class SealAndVerify implements Allocation.Work {
        private final Seal[] seals = {new HmacSeal(new byte[32]), NativeHmacSeal.of(new byte[32], Frame.LENGTH_BYTES), new Crc32cSeal()};
        private final byte[] buffer = new byte[Frame.LENGTH_BYTES + HmacSeal.SEAL_BYTES];

        @Override
        public void measured() {
            for (Seal seal : seals) {
                seal.seal(buffer, 0, Frame.LENGTH_BYTES);
                seal.verify(buffer, 0, Frame.LENGTH_BYTES);
            }
        }
    }

    private static byte[] sealOf(Seal seal, byte[] message) {
        byte[] buffer = Arrays.copyOf(message, message.length + seal.lengthBytes());
        seal.seal(buffer, 0, message.length);
        return Arrays.copyOfRange(buffer, message.length, buffer.length);
    }
}
