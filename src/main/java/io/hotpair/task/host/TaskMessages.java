package io.hotpair.task.host;

/**
 * What the two rings carry: types, and the fields behind Agrona's header of 8 bytes (u32 length, u32 type). Little endian.
 *
 * <pre>
 *  to the task
 *   1 record    0 u64 index  8 u64 time, ns  16 u32 kind (1 input, 2 tick, 3 reign)  20 u32 input port  24 payload
 *   2 snapshot  0 u64 number of the request: save, and answer by type 5
 *   3 load      0 u64 number  8 u64 index  16 u64 bytes: load from the load area, or begin afresh at index 0; answer by type 6
 *  from the task, in the order of what they answer
 *   4 output    0 u64 index  8 u32 output port  12 u32 zero  16 payload
 *   7 executed  0 u64 index  8 u64 digest of the state  16 u32 1 if there is a digest  20 u32 zero; after the outputs of the record
 *   5 saved     0 u64 number  8 i64 bytes in the snapshot area, or -2: the state is larger than the area
 *   6 loaded    0 u64 number
 * </pre>
 *
 * <p>A load can be overtaken by a newer one while it is carried out, and then sees a mixture of both; what it makes of it is never used.
 */
final class TaskMessages {
    static final int RECORD = 1;
    static final int SNAPSHOT = 2;
    static final int LOAD = 3;
    static final int OUTPUT = 4;
    static final int SAVED = 5;
    static final int LOADED = 6;
    static final int EXECUTED = 7;

    static final int RECORD_TIME = 8;
    static final int RECORD_KIND = 16;
    static final int RECORD_PORT = 20;
    static final int RECORD_PAYLOAD = 24;
    static final int SNAPSHOT_BYTES = 8;
    static final int LOAD_INDEX = 8;
    static final int LOAD_LENGTH = 16;
    static final int LOAD_BYTES = 24;
    static final int OUTPUT_PORT = 8;
    static final int OUTPUT_PAYLOAD = 16;
    static final int SAVED_LENGTH = 8;
    static final int SAVED_BYTES = 16;
    static final int LOADED_BYTES = 8;
    static final int EXECUTED_DIGEST = 8;
    static final int EXECUTED_HAS_DIGEST = 16;
    static final int EXECUTED_BYTES = 24;
    static final long SAVED_TOO_LARGE = -2;

    private TaskMessages() {
    }
}
