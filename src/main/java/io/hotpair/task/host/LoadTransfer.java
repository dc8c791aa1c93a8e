package io.hotpair.task.host;

import static io.hotpair.task.host.TaskMessages.LOAD;
import static io.hotpair.task.host.TaskMessages.LOAD_BYTES;
import static io.hotpair.task.host.TaskMessages.LOAD_INDEX;
import static io.hotpair.task.host.TaskMessages.LOAD_LENGTH;

import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * A state on its way into a task in another process.
 *
 * <pre>
 *        end             send          answered
 * IDLE ───────▶ WHOLE ──────────▶ SENT ──────────▶ IDLE
 *                 ▲ ◀─────────────┘│
 *                 │ process ended  │ begin, also from WHOLE
 *                 └── end ── REPLACED
 * </pre>
 */
final class LoadTransfer {
    private enum State {
        IDLE, WHOLE, SENT, REPLACED
    }

    private final StateArea area;
    private State state = State.IDLE;
    private long number;
    private long lengthBytes;
    private boolean tooLarge;
    private long index;
    private long digest;

    LoadTransfer(StateArea area) {
        this.area = area;
    }

    /** Parts come; a load before it that is not answered yet is given up: the task's answer to it will not count. */
    void begin(long wholeBytes) {
        number++;
        lengthBytes = 0;
        tooLarge = wholeBytes > area.byteSize();
        if (state != State.IDLE) {
            state = State.REPLACED;
        }
    }

    void part(byte[] buffer, int offset, int partBytes) {
        tooLarge |= lengthBytes + partBytes > area.byteSize();
        if (!tooLarge) {
            area.write(lengthBytes, buffer, offset, partBytes);
            lengthBytes += partBytes;
        }
    }

    /** The parts are whole; false if they are too many. */
    boolean end(long index, long digest) {
        this.index = index;
        this.digest = digest;
        state = tooLarge ? State.REPLACED : State.WHOLE;
        return !tooLarge;
    }

    /** Whether what the task answers belongs to a state that is to be replaced. */
    boolean pending() {
        return state != State.IDLE;
    }

    boolean send(OneToOneRingBuffer ring) {
        if (state != State.WHOLE) {
            return false;
        }
        int at = ring.tryClaim(LOAD, LOAD_BYTES);
        if (at < 0) {
            return false;
        }
        ring.buffer().putLong(at, number);
        ring.buffer().putLong(at + LOAD_INDEX, index);
        ring.buffer().putLong(at + LOAD_LENGTH, lengthBytes);
        ring.commit(at);
        state = State.SENT;
        return true;
    }

    /** The task loaded; whether it was this state. */
    boolean onLoaded(long number) {
        if (state != State.SENT || number != this.number) {
            return false;
        }
        state = State.IDLE;
        return true;
    }

    /** The process ended; the next one is to load it. */
    void onProcessEnded() {
        if (state == State.SENT) {
            state = State.WHOLE;
        }
    }

    long index() {
        return index;
    }

    long digest() {
        return digest;
    }
}
