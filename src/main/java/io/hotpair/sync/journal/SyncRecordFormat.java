package io.hotpair.sync.journal;

import io.hotpair.sync.Digest64;
import io.hotpair.sync.Record;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The records of the replication, {@link Record}: what a node's journals hold. Stateless, so one serves every thread. */
public final class SyncRecordFormat implements RecordFormat {
    private static final int TERM_OFFSET = 4;
    private static final int INDEX_OFFSET = 8;
    private static final int PREVIOUS_DIGEST_OFFSET = 16;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    @Override
    public long term(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + TERM_OFFSET) & 0xFFFF_FFFFL;
    }

    @Override
    public long index(ByteBuffer buffer, int offset) {
        return buffer.getLong(offset + INDEX_OFFSET);
    }

    @Override
    public long previousDigest(ByteBuffer buffer, int offset) {
        return buffer.getLong(offset + PREVIOUS_DIGEST_OFFSET);
    }

    @Override
    public long digest(ByteBuffer buffer, int offset, int lengthBytes) {
        return Digest64.of(buffer, offset, lengthBytes);
    }

    @Override
    public int leastBytes() {
        return Record.HEADER_BYTES;
    }

    @Override
    public long index(byte[] array, int offset) {
        return (long) LONG.get(array, offset + INDEX_OFFSET);
    }

    @Override
    public long term(byte[] array, int offset) {
        return (int) INT.get(array, offset + TERM_OFFSET) & 0xFFFF_FFFFL;
    }
}
