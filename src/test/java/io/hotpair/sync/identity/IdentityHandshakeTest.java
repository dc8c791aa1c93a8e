package io.hotpair.sync.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdentityHandshakeTest {
    private static final byte[] KEY = nonce(1, 32);
    private static final IdentityMessage.Statement OF_A =
            new IdentityMessage.Statement("0.1.0", nonce(2, 32), 1_234_567_890_123L, 3, 250, 0xFFFF_FFFEL, 7, 0x8000_0001);
    private static final IdentityMessage.Statement OF_B = new IdentityMessage.Statement("0.2.0", nonce(3, 32), 5, 1, 0, 2, 0, 0);

    private final IdentityHandshake a = new IdentityHandshake(KEY, true, 0, 0xA1, Purpose.IDENTITY, nonce(10, 16));
    private final IdentityHandshake b = new IdentityHandshake(KEY, false, 1, 0xB1, Purpose.IDENTITY, nonce(11, 16));

    private static byte[] nonce(long seed, int length) {
        byte[] nonce = new byte[length];
        new Random(seed).nextBytes(nonce);
        return nonce;
    }

    private static void greet(IdentityHandshake one, IdentityHandshake other) {
        assertEquals(Outcome.VERIFIED, one.onHello(other.hello()));
        assertEquals(Outcome.VERIFIED, other.onHello(one.hello()));
    }

    @Test
    void boardsProveThemselvesAndTellEverything() {
        greet(a, b);
        assertEquals(Outcome.VERIFIED, b.onProof(a.proof(OF_A)));
        assertEquals(Outcome.VERIFIED, a.onProof(b.proof(OF_B)));
        assertEquals(0xA1, b.peerBootId());
        assertEquals(0xB1, a.peerBootId());
        IdentityMessage.Statement seen = b.peerStatement();
        assertEquals("0.1.0", seen.softwareVersion());
        assertArrayEquals(OF_A.configDigest(), seen.configDigest());
        assertEquals(OF_A.ageNs(), seen.ageNs());
        assertEquals(3, seen.role0());
        assertEquals(250, seen.role1());
        assertEquals(0xFFFF_FFFEL, seen.term0());
        assertEquals(7, seen.term1());
        assertEquals(0x8000_0001, seen.flags());
        assertEquals(true, seen.sameConfig(OF_A.configDigest()));
        assertEquals(false, seen.sameConfig(OF_B.configDigest()));
    }

    @Test
    void anotherKeyProvesNothing() {
        IdentityHandshake stranger = new IdentityHandshake(nonce(99, 32), true, 0, 0xA1, Purpose.IDENTITY, nonce(10, 16));
        greet(stranger, b);
        assertEquals(Outcome.WRONG_KEY, b.onProof(stranger.proof(OF_A)));
        assertNull(b.peerStatement());
    }

    @Test
    void aRecordedConversationProvesNothingLater() {
        greet(a, b);
        byte[] recordedHello = a.hello();
        byte[] recordedProof = a.proof(OF_A);
        IdentityHandshake later = new IdentityHandshake(KEY, false, 1, 0xB1, Purpose.IDENTITY, nonce(12, 16));
        assertEquals(Outcome.VERIFIED, later.onHello(recordedHello));
        assertEquals(Outcome.WRONG_KEY, later.onProof(recordedProof));
    }

    /** The board on the other side is made to prove itself against its own challenge; the side in the proof tells the two apart. */
    @Test
    void aProofCannotBeReflected() {
        IdentityHandshake accepting = new IdentityHandshake(KEY, false, 1, 0xB1, Purpose.IDENTITY, nonce(11, 16));
        greet(a, accepting);
        byte[] own = a.proof(OF_A);
        assertEquals(Outcome.WRONG_KEY, a.onProof(own));
    }

    @Test
    void everyBitOfStatementAndHellosIsBound() {
        greet(a, b);
        byte[] proof = a.proof(OF_A);
        for (int i = IdentityMessage.STATEMENT_OFFSET; i < proof.length; i++) {
            byte[] changed = proof.clone();
            changed[i] ^= (byte) (1 << i % 8);
            assertEquals(Outcome.WRONG_KEY, b.onProof(changed), "byte " + i);
        }
        for (int i = IdentityMessage.PREFIX_LENGTH; i < IdentityMessage.HELLO_LENGTH; i++) {
            if (i >= 13 && i < 16) {
                continue; // must be zero
            }
            byte[] hello = a.hello().clone();
            hello[i] ^= (byte) (i == 12 ? Purpose.STREAM.ordinal() : 1 << i % 8);
            IdentityHandshake other = new IdentityHandshake(KEY, false, 1, 0xB1, Purpose.IDENTITY, nonce(11, 16));
            assertEquals(Outcome.VERIFIED, other.onHello(hello));
            assertEquals(Outcome.WRONG_KEY, other.onProof(proof), "byte " + i);
        }
        assertEquals(Outcome.VERIFIED, b.onProof(proof));
    }

    /** One key for each direction, the same at both ends, and another one in every connection. */
    @Test
    void sessionKeysBelongToOneConnectionAndDirection() {
        greet(a, b);
        assertArrayEquals(a.sessionKey(true), b.sessionKey(false));
        assertArrayEquals(a.sessionKey(false), b.sessionKey(true));
        assertFalse(Arrays.equals(a.sessionKey(true), a.sessionKey(false)));
        IdentityHandshake later = new IdentityHandshake(KEY, false, 1, 0xB1, Purpose.IDENTITY, nonce(12, 16));
        assertEquals(Outcome.VERIFIED, later.onHello(a.hello()));
        assertFalse(Arrays.equals(b.sessionKey(true), later.sessionKey(true)));
    }

    @Test
    void acceptingSideTakesThePurposeFromTheConnectingOne() {
        IdentityHandshake stream = new IdentityHandshake(KEY, true, 0, 0xA1, Purpose.STREAM, nonce(10, 16));
        assertEquals(Outcome.VERIFIED, b.onHello(stream.hello()));
        assertEquals(Purpose.STREAM, b.purpose());
        assertEquals(Outcome.VERIFIED, stream.onHello(b.hello()));
        assertEquals(Outcome.MALFORMED, a.onHello(b.hello()), "asked for something else");
    }

    @Test
    void helloOfTheSameBoardOrABrokenOneIsTold() {
        assertEquals(Outcome.SAME_BOARD, a.onHello(IdentityMessage.hello(0, 5, Purpose.IDENTITY, nonce(1, 16))));
        assertEquals(Outcome.MALFORMED, a.onHello(IdentityMessage.hello(1, 0, Purpose.IDENTITY, nonce(1, 16))));
        assertEquals(Outcome.MALFORMED, a.onHello(IdentityMessage.hello(2, 5, Purpose.IDENTITY, nonce(1, 16))));
        byte[] notZero = IdentityMessage.hello(1, 5, Purpose.IDENTITY, nonce(1, 16));
        notZero[13] = 1;
        assertEquals(Outcome.MALFORMED, a.onHello(notZero));
        greet(a, b);
        assertEquals(Outcome.MALFORMED, a.onProof(a.hello()));
        assertEquals(Outcome.MALFORMED, a.onProof(new byte[IdentityMessage.PROOF_LENGTH]));
    }

    @Test
    void statementIsCheckedAndMadePrintable() {
        assertThrows(IllegalArgumentException.class, () -> new IdentityMessage.Statement("v".repeat(64), new byte[32], 0, 0, 0, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new IdentityMessage.Statement("v", new byte[31], 0, 0, 0, 0, 0, 0));
        byte[] proof = IdentityMessage.proof(new IdentityMessage.Statement("v".repeat(63), new byte[32], 0, 0, 0, 0, 0, 0));
        assertEquals("v".repeat(63), IdentityMessage.statement(proof).softwareVersion());
        byte[] colours = IdentityMessage.proof(new IdentityMessage.Statement("1\u001b[31m\n\u00e9", new byte[32], 0, 0, 0, 0, 0, 0));
        assertEquals("1?[31m??", IdentityMessage.statement(colours).softwareVersion());
        byte[] tooLong = proof.clone();
        tooLong[IdentityMessage.STATEMENT_OFFSET] = 64;
        assertNull(IdentityMessage.statement(tooLong));
        byte[] hidden = proof.clone();
        hidden[IdentityMessage.STATEMENT_OFFSET] = 3;
        assertNull(IdentityMessage.statement(hidden), "nothing may hide behind the version");
    }

    @Test
    void anyPayloadWithARightCodeIsAnswered() {
        // Only a board with the key gets here, perhaps a newer one: whatever it says is taken or refused, never a crash.
        Random random = new Random(4);
        for (int i = 0; i < 2_000; i++) {
            byte[] proof = IdentityMessage.proof(OF_A);
            byte[] noise = Arrays.copyOf(nonce(random.nextLong(), IdentityMessage.STATEMENT_LENGTH), IdentityMessage.STATEMENT_LENGTH);
            noise[0] = (byte) random.nextInt(70);
            Arrays.fill(noise, 1 + Math.min(63, noise[0]), 64, (byte) 0);
            noise[106] = noise[107] = 0;
            System.arraycopy(noise, 0, proof, IdentityMessage.STATEMENT_OFFSET, noise.length);
            IdentityMessage.Statement statement = IdentityMessage.statement(proof);
            if (noise[0] < 64) {
                assertNotNull(statement);
            } else {
                assertNull(statement);
            }
        }
    }
}
