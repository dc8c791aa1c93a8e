package io.hotpair.architecture.wrong.drivers;

import io.hotpair.architecture.wrong.core.WrongCore;

/** A driver that calls the core instead of implementing a port. */
public class WrongDriver {
    private WrongCore core;

    /** Just so that the arrow is used. */
    public int lengthBytes() {
        return core == null ? 0 : (int) core.wakeNs();
    }
}
