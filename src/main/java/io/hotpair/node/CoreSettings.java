package io.hotpair.node;

import io.hotpair.core.CoreConfig;
import io.hotpair.core.OnSilence;
import io.hotpair.node.config.Config;

/** Translates the configuration into the core's settings. */
final class CoreSettings {
    private CoreSettings() { }

    static CoreConfig of(Config config, Config.Board board) {
        Config.Timing timing = config.timing();
        long intervalNs = timing.heartbeatIntervalNs();
        long[] channelNs = {
            board.networkA().isPresent() ? intervalNs : 0,
            board.networkB().isPresent() ? intervalNs : 0,
            board.uart().isPresent() ? config.uart().heartbeatIntervalNs() : 0,
            board.gpioWire().isPresent() ? intervalNs : 0,
        };
        OnSilence onSilence = switch (config.pair().onSilence()) {
            case TAKEOVER -> OnSilence.TAKEOVER;
            case HOLD -> OnSilence.HOLD;
        };
        return new CoreConfig(board.id().id(), config.pair().groups().size(), onSilence, intervalNs, timing.misses(), timing.leaseNs(),
                timing.marginNs(), timing.arbitrationNs(), timing.settleNs(), timing.settleMaxNs(), timing.checkpointIntervalNs(),
                channelNs, config.damping().handoverThreshold(), config.damping().voluntaryChanges(), config.damping().windowNs());
    }
}
