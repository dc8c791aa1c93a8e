package io.hotpair.node.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The ticks that the tasks of both boards execute. All durations are nanoseconds.
 *
 * @param intervalNs between two ticks
 * @param lineA the file of the simulated sync line at board A; without one the ticks are those of the primary's clock
 * @param lineB the same for board B; both have one or none has
 * @param startAfter the first tick that is executed is announced so many ticks ahead
 * @param startWaitNs how long a primary waits for its standby before it begins without
 */
public record TickConfig(long intervalNs, Optional<Path> lineA, Optional<Path> lineB, int startAfter, long startWaitNs) {
    /** Of this board. */
    public Optional<Path> line(BoardId board) {
        return board == BoardId.A ? lineA : lineB;
    }

    /** What both boards may count on. */
    public String promise() {
        String source = lineA.isPresent()
                ? "from the sync line; without its edges each board goes on by its clock (holdover), with the roles as they are"
                : "from the primary's clock, for there is no [sync-line]; the standby keeps its time";
        return "every " + Durations.format(intervalNs) + ' ' + source + ". Numbered alike on both boards, rising over every takeover; the first one"
                + " executed is announced " + startAfter + " ticks = " + Durations.format(startAfter * intervalNs)
                + " ahead to both, once the standby is in step or after " + Durations.format(startWaitNs) + " without it";
    }
}
