package io.hotpair.lab;

import java.util.Locale;
import java.util.StringJoiner;
import java.util.function.ToLongFunction;

/**
 * Where inputs went on the way to a task, by what boards counted. Each board gets a copy of every input, so a copy that one of them loses is made up
 * for by the other's; an input is lost when both copies are.
 *
 * @param received by the boards
 * @param overflowed came faster than a board read them, and found the socket full
 * @param expired waited longer than the match window, which is what they do when nobody leads or a board lacks the time for them
 * @param dropped found no room among those that wait
 * @param invalid too long, too short or cut
 */
public record InputLosses(long received, long overflowed, long expired, long dropped, long invalid) {
    public static final InputLosses NONE = new InputLosses(0, 0, 0, 0, 0);

    /** By the counters of a board, by label. */
    public static InputLosses of(ToLongFunction<String> board) {
        return new InputLosses(board.applyAsLong("sync0.inputs"), board.applyAsLong("sync0.overflowedInputs"),
                board.applyAsLong("sync0.expiredCopies"), board.applyAsLong("sync0.droppedInputs"), board.applyAsLong("sync0.badInputs") + board.applyAsLong("sync0.malformedInputs"));
    }

    InputLosses plus(InputLosses other) {
        return new InputLosses(received + other.received, overflowed + other.overflowed, expired + other.expired, dropped + other.dropped,
                invalid + other.invalid);
    }

    @Override
    public String toString() {
        StringJoiner causes = new StringJoiner(", ");
        add(causes, "socket full", overflowed);
        add(causes, "too old", expired);
        add(causes, "no room", dropped);
        add(causes, "invalid", invalid);
        return String.format(Locale.ROOT, "%,d copies received; lost: %s", received, causes.length() == 0 ? "none" : causes);
    }

    private static void add(StringJoiner causes, String cause, long count) {
        if (count != 0) {
            causes.add(String.format(Locale.ROOT, "%s %,d", cause, count));
        }
    }
}
