package io.hotpair.sim;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;

/**
 * The core, broken on purpose. A mutant replaces the body of a rule's method in the class file, or puts something before it; the production
 * code knows nothing of it. The simulator and the core are loaded anew around the broken class.
 */
enum Mutant {
    /** A joining board does not wait for a peer that may be there. */
    SKIP_THE_SETTLE(22, body("Joining", "settled", c -> c.iconst_1().ireturn())),
    /** A primary keeps its gate open whether its frames come back or not. */
    DROP_THE_ECHO_LEASE(2, body("Lease", "echoHolds", c -> c.iconst_1().ireturn())),
    /** Terms without the board's bit. */
    REUSE_A_TERM_OF_THE_OTHER_BOARD(1, body("Terms", "ownBit", c -> c.iconst_1().ireturn())),
    /** Terms that are not on disk yet, so that another boot may use them again. */
    REUSE_A_TERM_OF_AN_EARLIER_BOOT(1, body("Terms", "usable", c -> c.iconst_1().ireturn())),
    /** Only Ethernet A is listened to. */
    JUDGE_BY_ONE_CHANNEL(1, before("Receiver", "onFrame", Mutant::returnUnlessFirstChannel), body("Receiver", "takeEdges", CodeBuilder::return_)),
    /** A board that was late takes the silence for its peer's. */
    IGNORE_OWN_LATENESS(2, before("Lateness", "onCycle", Mutant::alwaysOnTime)),
    /** Any old answer of the checkpoint will do. */
    STALE_CHECKPOINT_ANSWER(3, body("CheckpointView", "answeredProbeSentAfter", c -> c.iconst_1().ireturn())),
    /** Frames of earlier boots, of either board, count. */
    ACCEPT_AN_OLD_BOOT(191, body("Receiver", "namesThisBoot", c -> c.iconst_1().ireturn()), body("PeerView", "retired", c -> c.iconst_0().ireturn()),
            body("PeerView", "mayMeet", c -> c.iconst_1().ireturn())),
    /** A board that has handed over opens its gate again. */
    REOPEN_AFTER_HANDOVER(3, body("Group", "leads", Mutant::leadsOrReleased)),
    /** A board that is ready now does not wait for what it said while it got ready. */
    FORGET_WHAT_WAS_SAID(405, body("Board", "waits", c -> c.iconst_0().ireturn()));

    private static final String CORE = "io.hotpair.core.";

    /** A seed that is known to catch it, so that a test need not hunt for long. */
    final long seed;
    private final Mutation.Change[] changes;

    Mutant(long seed, Mutation.Change... changes) {
        this.seed = seed;
        this.changes = changes;
    }

    private static Mutation.Change body(String className, String method, Consumer<CodeBuilder> code) {
        return new Mutation.Change(CORE + className, method, true, code);
    }

    private static Mutation.Change before(String className, String method, Consumer<CodeBuilder> code) {
        return new Mutation.Change(CORE + className, method, false, code);
    }

    /** {@code if (channel != 0) return;} in an instance method whose first parameter is the channel. */
    private static void returnUnlessFirstChannel(CodeBuilder c) {
        Label first = c.newLabel();
        c.iload(1).ifeq(first).return_().labelBinding(first);
    }

    /** {@code deadlineNs = nowNs;} where {@code nowNs} is the first parameter. */
    private static void alwaysOnTime(CodeBuilder c) {
        c.aload(0).lload(1).putfield(ClassDesc.of(CORE + "Lateness"), "deadlineNs", ConstantDescs.CD_long);
    }

    /** {@code return role == Role.PRIMARY || handover.intent() == Intent.RELEASED;} */
    private static void leadsOrReleased(CodeBuilder c) {
        ClassDesc group = ClassDesc.of(CORE + "Group");
        ClassDesc role = ClassDesc.of(CORE + "Role");
        ClassDesc handover = ClassDesc.of(CORE + "Handover");
        ClassDesc intent = ClassDesc.of(CORE + "Intent");
        Label yes = c.newLabel();
        c.aload(0).getfield(group, "role", role).getstatic(role, "PRIMARY", role).if_acmpeq(yes)
                .aload(0).getfield(group, "handover", handover).invokevirtual(handover, "intent", MethodTypeDesc.of(intent))
                .getstatic(intent, "RELEASED", intent).if_acmpeq(yes)
                .iconst_0().ireturn()
                .labelBinding(yes).iconst_1().ireturn();
    }

    /** Runs seeds against this mutant until one catches it; returns what the seed said, or null if none of them did. */
    String hunt(long firstSeed, int seeds, long totalNs) {
        return Mutation.hunt(changes, "runForSafety", firstSeed, seeds, totalNs);
    }

    /** Hunts all mutants, or the named ones. */
    static void main(String[] args) {
        for (Mutant mutant : values()) {
            if (args.length == 0 || java.util.List.of(args).contains(mutant.name())) {
                long sinceNs = System.nanoTime();
                String caught = mutant.hunt(Long.getLong("sim.start", 1), Integer.getInteger("sim.count", 400), 1_000_000L * Integer.getInteger("sim.ms", 2000));
                System.out.printf("%s (%.1f s): %s%n", mutant, (System.nanoTime() - sinceNs) / 1e9, caught);
            }
        }
    }
}
