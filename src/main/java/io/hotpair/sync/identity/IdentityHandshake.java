package io.hotpair.sync.identity;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.nio.charset.StandardCharsets;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One handshake, seen from one side; bytes in, bytes out, no socket and no clock.
 *
 * <pre>
 *   connecting side                         accepting side
 *     HELLO (nonce)    ──────────────────▶
 *                      ◀──────────────────  HELLO (nonce)
 *     PROOF            ──────────────────▶  verified: an answer
 *   verified: an answer ◀─────────────────  PROOF, or REJECT
 * </pre>
 *
 * <p>The proof is {@code HMAC-SHA256(key, label || side of the sender || HELLO of the connecting side || HELLO of the accepting side
 * || statement)}: mutual challenge and response in the manner of ISO/IEC 9798-4. Both nonces make it worthless in any other
 * connection, the side keeps one end's proof from being reflected as the other's, and the hellos bind versions, boards and boot ids.
 * The accepting side proves itself second, so a stranger who connects learns no more than the hello.
 */
public final class IdentityHandshake {
    /** What the codes are made and the messages of a stream sealed with. */
    private static final String HMAC = "HmacSHA256";

    private static final byte[] LABEL = "hotpair identity 1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SESSION_LABEL = "hotpair session 1\0".getBytes(StandardCharsets.US_ASCII);

    private final byte[] key;
    private final boolean connecting;
    private final byte[] ownHello;
    private byte[] peerHello;
    private IdentityMessage.Statement peerStatement;

    /** @param purpose what the connecting side wants; the accepting side takes it from the hello that it got */
    IdentityHandshake(byte[] key, boolean connecting, int board, int bootId, Purpose purpose, byte[] nonce) {
        this.key = key;
        this.connecting = connecting;
        this.ownHello = IdentityMessage.hello(board, bootId, purpose, nonce);
    }

    byte[] hello() {
        return ownHello;
    }

    /** Takes the peer's hello: {@link Outcome#VERIFIED} means go on. */
    Outcome onHello(byte[] hello) {
        if (!IdentityMessage.wellFormedHello(hello)) {
            return Outcome.MALFORMED;
        }
        if (IdentityMessage.argument(hello) == IdentityMessage.argument(ownHello)) {
            return Outcome.SAME_BOARD;
        }
        if (!connecting) {
            IdentityMessage.setPurpose(ownHello, IdentityMessage.purpose(hello));
        } else if (purpose() != IdentityMessage.purpose(hello)) {
            return Outcome.MALFORMED;
        }
        peerHello = hello;
        return Outcome.VERIFIED;
    }

    /** This side's proof; only after {@link #onHello}. */
    byte[] proof(IdentityMessage.Statement statement) {
        byte[] proof = IdentityMessage.proof(statement);
        byte[] mac = mac(connecting, proof);
        System.arraycopy(mac, 0, proof, IdentityMessage.MAC_OFFSET, mac.length);
        return proof;
    }

    /** Takes the peer's proof; only after {@link #onHello}. */
    Outcome onProof(byte[] proof) {
        if (proof.length != IdentityMessage.PROOF_LENGTH || IdentityMessage.type(proof) != IdentityMessage.PROOF) {
            return Outcome.MALFORMED;
        }
        byte[] claimed = new byte[IdentityMessage.PROOF_LENGTH - IdentityMessage.MAC_OFFSET];
        System.arraycopy(proof, IdentityMessage.MAC_OFFSET, claimed, 0, claimed.length);
        if (!MessageDigest.isEqual(claimed, mac(!connecting, proof))) {
            return Outcome.WRONG_KEY;
        }
        peerStatement = IdentityMessage.statement(proof);
        return peerStatement == null ? Outcome.MALFORMED : Outcome.VERIFIED;
    }

    /** Whether this board made the connection. */
    public boolean connecting() {
        return connecting;
    }

    public Purpose purpose() {
        return IdentityMessage.purpose(ownHello);
    }

    public int peerBootId() {
        return IdentityMessage.bootId(peerHello);
    }

    /** What the peer said; null before its proof was found right. */
    public IdentityMessage.Statement peerStatement() {
        return peerStatement;
    }

    /**
     * The key of one direction of this connection: {@code HMAC-SHA256(key, session label || side of the sender || both hellos)}. Both nonces are in
     * it, so what was said in one connection or direction is worthless in every other.
     *
     * @param sending this side's direction, or the peer's
     * @return 32 bytes
     */
    public byte[] sessionKey(boolean sending) {
        return begin(SESSION_LABEL, sending == connecting).doFinal();
    }

    private byte[] mac(boolean ofConnectingSide, byte[] proof) {
        Mac mac = begin(LABEL, ofConnectingSide);
        mac.update(proof, IdentityMessage.STATEMENT_OFFSET, IdentityMessage.STATEMENT_LENGTH);
        return mac.doFinal();
    }

    private Mac begin(byte[] label, boolean ofConnectingSide) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            mac.update(label);
            mac.update((byte) (ofConnectingSide ? 0 : 1));
            mac.update(connecting ? ownHello : peerHello);
            mac.update(connecting ? peerHello : ownHello);
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e); // every Java has HmacSHA256, and the key was checked at start
        }
    }
}
