package io.hotpair.architecture.wrong.node.config;

import io.hotpair.architecture.wrong.core.WrongCore;

/** Configuration that pulls the core in. */
public record WrongConfig(WrongCore core) {
}
