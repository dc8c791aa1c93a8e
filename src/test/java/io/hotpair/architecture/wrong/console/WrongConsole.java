package io.hotpair.architecture.wrong.console;

import io.hotpair.architecture.wrong.core.WrongCore;

/** A console that reaches past the node into the core. */
public record WrongConsole(WrongCore core) {
}
