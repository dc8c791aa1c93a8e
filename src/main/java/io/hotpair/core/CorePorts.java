package io.hotpair.core;

import io.hotpair.core.port.Checkpoint;
import io.hotpair.core.port.EventSink;
import io.hotpair.core.port.Fitness;
import io.hotpair.core.port.FrameChannel;
import io.hotpair.core.port.GatePort;
import io.hotpair.core.port.IdentityPort;
import io.hotpair.core.port.Interlock;
import io.hotpair.core.port.Operator;
import io.hotpair.core.port.PulseChannel;
import io.hotpair.core.port.Replica;
import io.hotpair.core.port.TermStore;
import io.hotpair.core.port.Watchdog;
import io.hotpair.wire.Seal;

/**
 * Everything that a core needs from outside.
 *
 * @param frameChannels Ethernet A, Ethernet B, UART; null where there is none
 * @param seals the seal of each frame channel
 * @param pulse the GPIO heartbeat, or null
 * @param checkpoints of network A and B, never null
 */
public record CorePorts(
        FrameChannel[] frameChannels,
        Seal[] seals,
        PulseChannel pulse,
        Checkpoint[] checkpoints,
        TermStore termStore,
        GatePort gate,
        Replica replica,
        Fitness fitness,
        Operator operator,
        Interlock interlock,
        Watchdog watchdog,
        IdentityPort identity,
        EventSink events) {}
