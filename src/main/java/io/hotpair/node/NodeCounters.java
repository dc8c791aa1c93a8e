package io.hotpair.node;

import io.hotpair.core.CoreConfig;
import io.hotpair.core.PairCore;
import io.hotpair.core.Reject;
import io.hotpair.node.status.CountersFile;
import io.hotpair.node.status.CountersFile.Kind;
import java.util.Locale;

/**
 * Publishes what the core and the duty cycle know in the counters file: roles and states as ordinals, flags as 0 and 1, times in ns.
 */
final class NodeCounters {
    private static final Reject[] REJECTS = Reject.values();

    private final CountersFile file;
    private final CoreConfig config;
    private final int[][] group;
    private final int[][] channel = new int[CoreConfig.CHANNELS][];
    private final int[] network = new int[CoreConfig.NETWORKS];
    private final int[] rejected = new int[REJECTS.length];
    private final int cycles;
    private final int peerAlive;
    private final int peerPenalty;
    private final int peerBootId;
    private final int ownPenalty;
    private final int mayLead;
    private final int held;

    /** Written by the helper thread: thread and process figures, lateness percentiles. */
    final int lateP50Ns;
    final int lateP99Ns;
    final int lateMaxNs;
    final int cycleCpuNs;
    final int cycleAllocatedBytes;
    final int processAllocatedBytes;
    final int collections;
    final int guardWatching;
    final int startToJoiningNs;

    NodeCounters(CountersFile file, CoreConfig config) {
        this.file = file;
        this.config = config;
        group = new int[config.groups()][];
        cycles = file.register("node.cycles");
        lateP50Ns = gauge("node.lateP50Ns");
        lateP99Ns = gauge("node.lateP99Ns");
        lateMaxNs = gauge("node.lateMaxNs");
        cycleCpuNs = file.register("node.cycleCpuNs");
        cycleAllocatedBytes = file.register("node.cycleAllocatedBytes");
        processAllocatedBytes = file.register("node.processAllocatedBytes");
        collections = file.register("node.collections");
        guardWatching = gauge("guard.watching");
        startToJoiningNs = gauge("node.startToJoiningNs");
        ownPenalty = gauge("self.penalty");
        mayLead = gauge("self.mayLead");
        held = gauge("self.held");
        peerAlive = gauge("peer.alive");
        peerPenalty = gauge("peer.penalty");
        peerBootId = gauge("peer.bootId");
        for (int g = 0; g < config.groups(); g++) {
            String name = "group" + g + '.';
            group[g] = new int[] {gauge(name + "role"), gauge(name + "term"), gauge(name + "intent"), gauge(name + "inSync"),
                gauge(name + "gate"), gauge(name + "peerRole"), gauge(name + "peerTerm"), gauge(name + "peerInSync"),
                gauge(name + "commitIndex"), file.register(name + "outputs")};
        }
        for (int c = 0; c < CoreConfig.CHANNELS; c++) {
            String name = "channel" + c + '.';
            channel[c] = new int[] {gauge(name + "present"), gauge(name + "fresh"), file.register(name + "sent"),
                file.register(name + "refused"), file.register(name + "received"), file.register(name + "missed"),
                gauge(name + "echoAgeNs")};
        }
        for (int n = 0; n < CoreConfig.NETWORKS; n++) {
            network[n] = gauge("network" + n + ".checkpoint");
        }
        for (Reject cause : REJECTS) {
            rejected[cause.ordinal()] = file.register("rejected." + cause.name().toLowerCase(Locale.ROOT));
        }
    }

    private int gauge(String label) {
        return file.register(label, Kind.GAUGE);
    }

    /** Counts the cycle; called in each. */
    void onCycle(long nowNs) {
        file.add(cycles, 1);
        file.touch(nowNs);
    }

    /** Everything else; called by the duty cycle once an interval. */
    void publish(PairCore core, Workload workload, long nowNs) {
        file.set(ownPenalty, core.penalty());
        file.set(mayLead, flag(core.mayLead(nowNs)));
        file.set(held, flag(core.held()));
        file.set(peerAlive, flag(core.peerAlive(nowNs)));
        file.set(peerPenalty, core.peerPenalty());
        file.set(peerBootId, core.peerBootId() & 0xFFFF_FFFFL);
        for (int g = 0; g < group.length; g++) {
            publishGroup(core, workload, g, group[g], nowNs);
        }
        for (int c = 0; c < CoreConfig.CHANNELS; c++) {
            publishChannel(core, c, channel[c], nowNs);
        }
        for (int n = 0; n < CoreConfig.NETWORKS; n++) {
            file.set(network[n], core.checkpoint(n));
        }
        for (int i = 0; i < REJECTS.length; i++) {
            file.set(rejected[i], core.rejected(REJECTS[i]));
        }
    }

    private void publishGroup(PairCore core, Workload workload, int g, int[] ids, long nowNs) {
        file.set(ids[0], core.role(g).ordinal());
        file.set(ids[1], core.term(g));
        file.set(ids[2], core.intent(g).ordinal());
        file.set(ids[3], flag(core.inSync(g)));
        file.set(ids[4], flag(core.gateOpen(g, nowNs)));
        file.set(ids[5], core.peerRole(g).ordinal());
        file.set(ids[6], core.peerTerm(g));
        file.set(ids[7], flag(core.peerInSync(g)));
        file.set(ids[8], workload.commitIndex(g));
        file.set(ids[9], workload.emitted(g));
    }

    private void publishChannel(PairCore core, int c, int[] ids, long nowNs) {
        file.set(ids[0], flag(config.has(c)));
        file.set(ids[1], flag(core.channelFresh(c, nowNs)));
        file.set(ids[2], core.sentFrames(c));
        file.set(ids[3], core.refusedFrames(c));
        file.set(ids[4], core.receivedFrames(c));
        if (c < CoreConfig.FRAME_CHANNELS) {
            file.set(ids[5], core.missedFrames(c));
            file.set(ids[6], core.echoAgeNs(c, nowNs));
        }
    }

    private static long flag(boolean value) {
        return value ? 1 : 0;
    }
}
