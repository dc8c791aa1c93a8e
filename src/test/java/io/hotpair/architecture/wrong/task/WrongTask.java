package io.hotpair.architecture.wrong.task;

import io.hotpair.architecture.wrong.core.WrongCore;

/** A task that knows the core. */
final class WrongTask {
    private WrongCore core;
}
