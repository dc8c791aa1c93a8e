package io.hotpair.sim;

import io.hotpair.wire.Seal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The guard's DEAD frame, laid out as documented. */
final class LastWord {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private LastWord() {
    }

    static void write(byte[] b, int board, int channel, int bootId, long ageNs, long[] terms, Seal seal) {
        java.util.Arrays.fill(b, 0, WireView.MESSAGE_BYTES, (byte) 0);
        b[0] = 1 << 4 | WireView.DEAD;
        b[1] = (byte) (board | channel << 1);
        INT.set(b, 4, bootId);
        LONG.set(b, 8, ageNs);
        INT.set(b, 28, (int) terms[0]);
        INT.set(b, 32, (int) terms[1]);
        seal.seal(b, 0, WireView.MESSAGE_BYTES);
    }
}
