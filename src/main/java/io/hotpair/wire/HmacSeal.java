package io.hotpair.wire;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC-SHA256 (RFC 2104, FIPS 180-4) truncated to {@value #SEAL_BYTES} bytes, for the networks.
 *
 * <p>Written over {@link MessageDigest} because {@code javax.crypto.Mac.doFinal} allocates on every call, and this runs on the duty-cycle
 * thread; {@code MessageDigest} digests into a given array and does not.
 */
public final class HmacSeal implements Seal {
    /** Bytes of the truncated HMAC. */
    public static final int SEAL_BYTES = 16;
    private static final int BLOCK_BYTES = 64;
    private static final int DIGEST_BYTES = 32;

    private final MessageDigest sha256;
    private final byte[] innerPad = new byte[BLOCK_BYTES];
    private final byte[] outerPad = new byte[BLOCK_BYTES];
    private final byte[] digest = new byte[DIGEST_BYTES];

    /**
     * @param key the pair key, 16 to 64 bytes; copied
     * @throws IllegalArgumentException for a key of another length
     */
    public HmacSeal(byte[] key) {
        if (key.length < 16 || key.length > BLOCK_BYTES) {
            throw new IllegalArgumentException("pair key has " + key.length + " bytes, not 16 to " + BLOCK_BYTES);
        }
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        byte[] block = Arrays.copyOf(key, BLOCK_BYTES);
        for (int i = 0; i < BLOCK_BYTES; i++) {
            innerPad[i] = (byte) (block[i] ^ 0x36);
            outerPad[i] = (byte) (block[i] ^ 0x5C);
        }
        Arrays.fill(block, (byte) 0);
    }

    @Override
    public int lengthBytes() {
        return SEAL_BYTES;
    }

    @Override
    public void seal(byte[] buffer, int offset, int lengthBytes) {
        authenticate(buffer, offset, lengthBytes);
        System.arraycopy(digest, 0, buffer, offset + lengthBytes, SEAL_BYTES);
    }

    @Override
    public boolean verify(byte[] buffer, int offset, int lengthBytes) {
        authenticate(buffer, offset, lengthBytes);
        int difference = 0; // every byte is compared, so that the time taken tells a forger nothing
        for (int i = 0; i < SEAL_BYTES; i++) {
            difference |= digest[i] ^ buffer[offset + lengthBytes + i];
        }
        return difference == 0;
    }

    private void authenticate(byte[] buffer, int offset, int lengthBytes) {
        try {
            sha256.update(innerPad);
            sha256.update(buffer, offset, lengthBytes);
            sha256.digest(digest, 0, DIGEST_BYTES);
            sha256.update(outerPad);
            sha256.update(digest);
            sha256.digest(digest, 0, DIGEST_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("the digest's own buffer is too small", e);
        }
    }
}
