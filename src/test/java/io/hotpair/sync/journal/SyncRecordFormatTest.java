package io.hotpair.sync.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hotpair.sync.Digest64;
import io.hotpair.sync.Record;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The journal reads the same out of a record as the replication does, on and off the heap and at any offset. */
class SyncRecordFormatTest {
    private static final int OFFSET = 13;

    @Test
    void aRecordReadsTheSameInEitherPlace() {
        RecordFormat format = new SyncRecordFormat();
        Random random = new Random(7);
        for (int payload = 0; payload <= Record.PAYLOAD_MAX_BYTES; payload += 1 + payload / 16) {
            byte[] bytes = new byte[OFFSET + Record.MAX_BYTES];
            random.nextBytes(bytes);
            int length = Record.HEADER_BYTES + payload;
            ByteBuffer buffer = RecordFormat.buffer(bytes.length);
            buffer.put(0, bytes).putInt(OFFSET, length);
            buffer.get(0, bytes);
            Record record = new Record().wrap(bytes, OFFSET);
            assertEquals(record.term(), format.term(buffer, OFFSET));
            assertEquals(record.term(), format.term(bytes, OFFSET));
            assertEquals(record.index(), format.index(buffer, OFFSET));
            assertEquals(record.index(), format.index(bytes, OFFSET));
            assertEquals(record.digestBefore(), format.previousDigest(buffer, OFFSET));
            assertEquals(record.digest(), format.digest(buffer, OFFSET, length), "payload of " + payload);
            assertEquals(Digest64.of(bytes, OFFSET, length), format.digest(buffer, OFFSET, length));
        }
    }
}
