package io.hotpair.wire;

import java.util.zip.CRC32C;

/** CRC-32C (Castagnoli, RFC 3720 appendix B.4), little endian, for the wired UART line: it finds noise, not forgery. */
public final class Crc32cSeal implements Seal {
    /** Bytes of the checksum. */
    public static final int SEAL_BYTES = 4;

    private final CRC32C crc = new CRC32C();

    @Override
    public int lengthBytes() {
        return SEAL_BYTES;
    }

    @Override
    public void seal(byte[] buffer, int offset, int lengthBytes) {
        int value = checksum(buffer, offset, lengthBytes);
        for (int i = 0; i < SEAL_BYTES; i++) {
            buffer[offset + lengthBytes + i] = (byte) (value >>> (8 * i));
        }
    }

    @Override
    public boolean verify(byte[] buffer, int offset, int lengthBytes) {
        int value = checksum(buffer, offset, lengthBytes);
        int difference = 0;
        for (int i = 0; i < SEAL_BYTES; i++) {
            difference |= (byte) (value >>> (8 * i)) ^ buffer[offset + lengthBytes + i];
        }
        return difference == 0;
    }

    private int checksum(byte[] buffer, int offset, int lengthBytes) {
        crc.reset();
        crc.update(buffer, offset, lengthBytes);
        return (int) crc.getValue();
    }
}
