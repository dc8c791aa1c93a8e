package io.hotpair.sim;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;

/** The replication, broken on purpose; see {@link Mutant} for how. */
enum SyncMutant {
    /** Outputs leave whether anybody else holds their record or not. */
    SKIP_THE_COMMIT_WAIT(2, body("Committer", "released", c -> c.ldc(Long.MAX_VALUE).lreturn())),
    /** What was granted once is HOT, whatever was committed since. */
    PROMOTE_A_STALE_HOT(20, body("Follower", "hot", c -> field(c, "Follower", "granted", ConstantDescs.CD_boolean).ireturn())),
    /** Whoever starts first leads with what it has. */
    LEAD_WITH_THE_OLDER_JOURNAL(4, body("LeadRight", "byData", c -> c.iconst_1().ireturn())),
    /** An input is ordered however long ago it came. */
    EXECUTE_AN_OLD_COPY(4, body("Inputs", "tooOld", c -> c.iconst_0().ireturn())),
    /** Records are put behind whatever log is there. */
    DROP_THE_CHAIN_CHECK(1, body("Follower", "fits", c -> c.iconst_1().ireturn()), body("Leader", "fits", c -> c.iconst_1().ireturn())),
    /** HOT is granted while the disk still says ALONE. */
    GRANT_BEFORE_THE_MARK_IS_CLEARED(1, "runMarks", body("Mark", "onDisk", c -> c.iconst_1().ireturn())),
    /** A snapshot comes without the table of sources. */
    FORGET_THE_SOURCES(26, body("SourceTable", "load", c -> c.aload(0).invokevirtual(type("SourceTable"), "clear",
            MethodTypeDesc.of(ConstantDescs.CD_void)).return_())),
    /** What may have left before leaves again as if for the first time. */
    REPLAY_WITHOUT_MARKING(1, body("Emitter", "mayHaveLeft", c -> c.iconst_0().ireturn())),
    /** What is on this board's own disk is committed. */
    COMMIT_ON_OWN_DURABILITY_ONLY(2, body("Committer", "held", c -> field(c, "Committer", "r", type("Replicated"))
            .invokevirtual(type("Replicated"), "durable", MethodTypeDesc.of(ConstantDescs.CD_long)).lreturn())),
    /** Who was replaced over a long pause, by a peer that has gone again, goes on as if nothing had left meanwhile. */
    GO_ON_WITHOUT_A_DOUBT(2929, body("Emitter", "doubt", c -> c.return_())),
    /** A board that begins to lead gives a tick again that was given before. */
    GIVE_A_TICK_AGAIN(7, body("Leader", "later", c -> c.iconst_1().ireturn())),
    /** A standby numbers the ticks as it likes. */
    NUMBER_ALONE(12, "runTicks", body("Ticks", "adopt", c -> c.return_())),
    /** A standby that was not heard to be COLD is taken for it. */
    COMMIT_WITHOUT_ASKING(14, body("Committer", "coldAcknowledged", c -> c.iconst_1().ireturn())),
    /** Without a stream a standby's word does not come: it is waited for, for ever. */
    WAIT_FOR_A_STREAM(117, "runData", body("Committer", "onPeerCold", c -> c.return_())),
    /** A standby that is heard at all is taken for one that has heard that it is COLD. */
    TAKE_ANY_HEARTBEAT_FOR_A_WORD(1, new Mutation.Change("io.hotpair.core.Receiver", "tellCold", true, SyncMutant::anyHeartbeat)),
    /** What heartbeats ask is taken back while the stream may still bring a standby what was granted before. */
    ASK_TOO_SHORT(1, "runOldSocket", body("Committer", "shown", SyncMutant::committedOnceKnown));

    /** A seed that is known to catch it, so that a test need not hunt for long. */
    final long seed;
    private final String entry;
    private final Mutation.Change[] changes;

    SyncMutant(long seed, Mutation.Change... changes) {
        this(seed, "runDataForSafety", changes);
    }

    SyncMutant(long seed, String entry, Mutation.Change... changes) {
        this.entry = entry;
        this.seed = seed;
        this.changes = changes;
    }

    private static ClassDesc type(String name) {
        return ClassDesc.of("io.hotpair.sync." + name);
    }

    private static CodeBuilder field(CodeBuilder c, String owner, String name, ClassDesc type) {
        return c.aload(0).getfield(type(owner), name, type);
    }

    private static void anyHeartbeat(CodeBuilder c) {
        ClassDesc ports = ClassDesc.of("io.hotpair.core.CorePorts");
        ClassDesc board = ClassDesc.of("io.hotpair.core.Board");
        ClassDesc replica = ClassDesc.of("io.hotpair.core.port.Replica");
        c.aload(0).getfield(ClassDesc.of("io.hotpair.core.Receiver"), "board", board).getfield(board, "ports", ports)
                .invokevirtual(ports, "replica", MethodTypeDesc.of(replica)).iload(1).ldc(Long.MAX_VALUE / 2)
                .invokeinterface(replica, "onPeerCold",
                        MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int, ConstantDescs.CD_long))
                .return_();
    }

    private static void committedOnceKnown(CodeBuilder c) {
        field(c, "Committer", "coldKnown", ConstantDescs.CD_int);
        field(c, "Committer", "cold", ConstantDescs.CD_int).ifThenElse(java.lang.classfile.Opcode.IF_ICMPEQ,
                known -> field(known, "Committer", "committed", ConstantDescs.CD_long).lreturn(),
                asked -> field(asked, "Committer", "askedIndex", ConstantDescs.CD_long).lreturn());
    }

    private static Mutation.Change body(String className, String method, Consumer<CodeBuilder> code) {
        return new Mutation.Change("io.hotpair.sync." + className, method, true, code);
    }

    /** Runs seeds against this mutant until one catches it; returns what the seed said, or null if none of them did. */
    String hunt(long firstSeed, int seeds, long totalNs) {
        return Mutation.hunt(changes, entry, firstSeed, seeds, totalNs);
    }

    /** Whether it is hunted in a directed scenario, not by faults at random. */
    boolean scenario() {
        return !entry.startsWith("runData");
    }

    /** Where the unbroken replication is run for comparison. */
    String place() {
        return scenario() ? entry : "runData";
    }

    /** What the unbroken replication violates under a seed, or null. */
    String unbroken(long ofSeed, long totalNs) {
        return switch (place()) {
            case "runMarks" -> SeedEntry.runMarks(ofSeed, totalNs);
            case "runTicks" -> SeedEntry.runTicks(ofSeed, totalNs);
            case "runOldSocket" -> SeedEntry.runOldSocket(ofSeed, totalNs);
            default -> SeedEntry.runData(ofSeed, totalNs);
        };
    }

    /** Hunts all mutants, or the named ones. */
    static void main(String[] args) {
        for (SyncMutant mutant : values()) {
            if (args.length == 0 || java.util.List.of(args).contains(mutant.name())) {
                long sinceNs = System.nanoTime();
                String caught = mutant.hunt(Long.getLong("sim.start", mutant.seed), Integer.getInteger("sim.count", 400),
                        1_000_000L * Integer.getInteger("sim.ms", 3000));
                System.out.printf("%s (%.1f s): %s%n", mutant, (System.nanoTime() - sinceNs) / 1e9, caught);
            }
        }
    }
}
