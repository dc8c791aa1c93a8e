package io.hotpair.sync;

/**
 * The four messages of the stream. All are idempotent: one that comes twice, late, or over both networks changes nothing more.
 *
 * <pre>
 *  offset size field (little endian)
 *       0    1 type
 *       1    1 group
 *       2    2 zero
 *       4    4 boot of the sender
 *       8    8 term: of the reign that the sender leads or follows
 *      16      STATE    see State
 *              RECORDS  whole records, one behind the other
 *              FORWARD  see below
 *              BASE     see below
 *
 *  FORWARD  16  8 source                                     BASE  16  8 index up to which the snapshot contains everything
 *           24  8 sequence, or NO_SEQUENCE                         24  8 bytes of the whole
 *           32  8 age of the copy, ns                              32  8 position of this part
 *           40  8 newest STATE of the primary, its own clock       40  8 digest of all parts up to this one
 *           48  8 newest index that the standby holds              48    the part
 *           56  4 how many-th waiting copy of its key
 *           60  1 port
 *           61  3 zero
 *           64    payload
 * </pre>
 */
final class Messages {
    static final int STATE = 1;
    static final int RECORDS = 2;
    static final int FORWARD = 3;
    static final int BASE = 4;
    static final int HEADER_BYTES = 16;
    static final int FORWARD_HEADER_BYTES = 64;
    static final int BASE_HEADER_BYTES = 48;
    /** Bytes of a part of a snapshot: all but the last are of this size, so that both sides take the same digests. */
    static final int PART_BYTES = 4096;

    private Messages() {
    }

    static void header(byte[] buffer, int type, int group, int boot, long term) {
        Bytes.putInt(buffer, 0, type | group << 8);
        Bytes.putInt(buffer, 4, boot);
        Bytes.putLong(buffer, 8, term);
    }

    static int type(byte[] buffer, int offset) {
        return buffer[offset];
    }

    static int group(byte[] buffer, int offset) {
        return buffer[offset + 1];
    }

    static int boot(byte[] buffer, int offset) {
        return Bytes.getInt(buffer, offset + 4);
    }

    static long term(byte[] buffer, int offset) {
        return Bytes.getLong(buffer, offset + 8);
    }

    /** Whether the message is long enough for its type. */
    static boolean wellFormed(byte[] buffer, int offset, int lengthBytes) {
        if (lengthBytes < HEADER_BYTES) {
            return false;
        }
        return switch (type(buffer, offset)) {
            case STATE -> lengthBytes == State.LENGTH_BYTES;
            case RECORDS -> lengthBytes >= HEADER_BYTES + Record.HEADER_BYTES;
            case FORWARD -> lengthBytes >= FORWARD_HEADER_BYTES && lengthBytes <= FORWARD_HEADER_BYTES + Record.PAYLOAD_MAX_BYTES;
            case BASE -> lengthBytes > BASE_HEADER_BYTES && lengthBytes <= BASE_HEADER_BYTES + PART_BYTES;
            default -> false;
        };
    }
}
