package io.hotpair.sim;

import io.hotpair.wire.Seal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A keyed 64-bit mix in place of HMAC or CRC, for speed: nothing in the simulator tries to break it, so it stands for a seal that cannot be
 * forged by chance. Writes 16 bytes as on Ethernet or 4 as on the UART.
 */
final class SimSeal implements Seal {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final long key;
    private final int lengthBytes;

    SimSeal(long key, int lengthBytes) {
        this.key = key;
        this.lengthBytes = lengthBytes;
    }

    @Override
    public int lengthBytes() {
        return lengthBytes;
    }

    @Override
    public void seal(byte[] buffer, int offset, int length) {
        long sum = sum(buffer, offset, length);
        if (lengthBytes == 4) {
            INT.set(buffer, offset + length, (int) (sum >>> 32));
        } else {
            LONG.set(buffer, offset + length, sum);
            LONG.set(buffer, offset + length + 8, sum * 31 ^ key);
        }
    }

    @Override
    public boolean verify(byte[] buffer, int offset, int length) {
        long sum = sum(buffer, offset, length);
        if (lengthBytes == 4) {
            return (int) INT.get(buffer, offset + length) == (int) (sum >>> 32);
        }
        return (long) LONG.get(buffer, offset + length) == sum && (long) LONG.get(buffer, offset + length + 8) == (sum * 31 ^ key);
    }

    private long sum(byte[] buffer, int offset, int length) {
        if (length == WireView.MESSAGE_BYTES) {
            return sumOfMessage(buffer, offset);
        }
        long sum = key ^ length;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            sum = (sum ^ (long) LONG.get(buffer, offset + i)) * 0x9E3779B97F4A7C15L;
            sum ^= sum >>> 29;
        }
        for (; i < length; i++) {
            sum = (sum ^ buffer[offset + i]) * 0x9E3779B97F4A7C15L;
        }
        return SimRandom.mix(sum);
    }

    /** Three chains side by side; each step is a bijection of what it takes in, so that no single change goes unseen. */
    private long sumOfMessage(byte[] buffer, int offset) {
        long a = ((long) LONG.get(buffer, offset) ^ key) * 0x9E3779B97F4A7C15L;
        long b = ((long) LONG.get(buffer, offset + 8) + key) * 0xBF58476D1CE4E5B9L;
        long c = ((long) LONG.get(buffer, offset + 16) ^ ~key) * 0x94D049BB133111EBL;
        a = ((long) LONG.get(buffer, offset + 24) ^ a ^ a >>> 32) * 0xBF58476D1CE4E5B9L;
        b = ((long) LONG.get(buffer, offset + 32) ^ b ^ b >>> 32) * 0x94D049BB133111EBL;
        c = ((long) LONG.get(buffer, offset + 40) ^ c ^ c >>> 32) * 0x9E3779B97F4A7C15L;
        return SimRandom.mix(a ^ Long.rotateLeft(b, 21) ^ Long.rotateLeft(c, 42));
    }
}
