package io.hotpair.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The core, broken on purpose. A mutant replaces the body of a rule's method in the class file, or puts something before it; the production
 * code knows nothing of it. The simulator and the core are loaded anew around the broken class.
 */
enum Mutant {
    /** A joining board does not wait for a peer that may be there. */
    SKIP_THE_SETTLE(body("Joining", "settled", c -> c.iconst_1().ireturn())),
    /** A primary keeps its gate open whether its frames come back or not. */
    DROP_THE_ECHO_LEASE(body("Lease", "echoHolds", c -> c.iconst_1().ireturn())),
    /** Terms without the board's bit. */
    REUSE_A_TERM_OF_THE_OTHER_BOARD(body("Terms", "ownBit", c -> c.iconst_1().ireturn())),
    /** Terms that are not on disk yet, so that another boot may use them again. */
    REUSE_A_TERM_OF_AN_EARLIER_BOOT(body("Terms", "usable", c -> c.iconst_1().ireturn())),
    /** Only Ethernet A is listened to. */
    JUDGE_BY_ONE_CHANNEL(before("Receiver", "onFrame", Mutant::returnUnlessFirstChannel), body("Receiver", "takeEdges", CodeBuilder::return_)),
    /** A board that was late takes the silence for its peer's. */
    IGNORE_OWN_LATENESS(before("Lateness", "onCycle", Mutant::alwaysOnTime)),
    /** Any old answer of the checkpoint will do. */
    STALE_CHECKPOINT_ANSWER(body("CheckpointView", "answeredProbeSentAfter", c -> c.iconst_1().ireturn())),
    /** Frames of earlier boots, of either board, count. */
    ACCEPT_AN_OLD_BOOT(body("Receiver", "namesThisBoot", c -> c.iconst_1().ireturn()), body("PeerView", "retired", c -> c.iconst_0().ireturn()),
            body("PeerView", "mayMeet", c -> c.iconst_1().ireturn())),
    /** A board that has handed over opens its gate again. */
    REOPEN_AFTER_HANDOVER(body("Group", "leads", Mutant::leadsOrReleased)),
    /** A board that is ready now does not wait for what it said while it got ready. */
    FORGET_WHAT_WAS_SAID(body("Board", "waits", c -> c.iconst_0().ireturn()));

    private static final String CORE = "io.hotpair.core.";

    private final Change[] changes;

    Mutant(Change... changes) {
        this.changes = changes;
    }

    /** A change of one method. */
    private record Change(String className, String method, boolean replace, Consumer<CodeBuilder> code) { }

    private static Change body(String className, String method, Consumer<CodeBuilder> code) {
        return new Change(CORE + className, method, true, code);
    }

    private static Change before(String className, String method, Consumer<CodeBuilder> code) {
        return new Change(CORE + className, method, false, code);
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
        Map<String, byte[]> broken = new HashMap<>();
        for (Change change : changes) {
            broken.merge(change.className(), apply(change, broken.get(change.className())), (old, changed) -> changed);
        }
        try {
            Method run = new Loader(broken).loadClass(SeedEntry.class.getName()).getMethod("runForSafety", long.class, long.class);
            for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
                String caught = (String) run.invoke(null, seed, totalNs);
                if (caught != null) {
                    return caught;
                }
            }
            return null;
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("the simulator itself failed", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] apply(Change change, byte[] changedAlready) {
        ClassModel model = ClassFile.of().parse(changedAlready != null ? changedAlready : read(change.className()));
        boolean[] found = new boolean[1];
        ClassTransform transform = (builder, element) -> {
            if (element instanceof MethodModel m && m.methodName().equalsString(change.method())) {
                found[0] = true;
                builder.transformMethod(m, (mb, me) -> {
                    if (me instanceof java.lang.classfile.CodeModel code) {
                        if (change.replace()) {
                            mb.withCode(change.code());
                        } else {
                            mb.transformCode(code, new Prologue(change.code()));
                        }
                    } else {
                        mb.with(me);
                    }
                });
            } else {
                builder.with(element);
            }
        };
        byte[] bytes = ClassFile.of().transformClass(model, transform);
        if (!found[0]) {
            throw new IllegalStateException("the core has no method " + change.className() + "." + change.method() + " any more");
        }
        return bytes;
    }

    private static byte[] read(String className) {
        try (InputStream in = Mutant.class.getResourceAsStream("/" + className.replace('.', '/') + ".class")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Prologue(Consumer<CodeBuilder> code) implements CodeTransform {
        @Override
        public void atStart(CodeBuilder builder) {
            code.accept(builder);
        }

        @Override
        public void accept(CodeBuilder builder, CodeElement element) {
            builder.with(element);
        }
    }

    /** Loads everything of this project anew, broken classes from memory. */
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> broken;

        Loader(Map<String, byte[]> broken) {
            super(Mutant.class.getClassLoader());
            this.broken = broken;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.hotpair.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null) {
                    byte[] bytes = broken.containsKey(name) ? broken.get(name) : read(name);
                    loaded = defineClass(name, bytes, 0, bytes.length);
                }
                return loaded;
            }
        }
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
