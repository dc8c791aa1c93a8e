package io.hotpair.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The arrows between the packages. {@code core}, {@code wire} and {@code sync} are pure: what they know of time, chance and the outside comes
 * in by the ports, so that the simulator runs the very same code. Drivers know the ports alone; node, command line and lab put
 * the two together.
 *
 * <p>Each rule is made for a root package, so that a house built wrong on purpose can show that the rule bites.
 */
enum Arrows {
    CORE_STANDS_ALONE {
        @Override
        ArchRule in(String root) {
            return classes().that().resideInAnyPackage(root + ".core..", root + ".wire..")
                    .should().onlyDependOnClassesThat(resideInAnyPackage(
                                    root + ".core..", root + ".wire..", "java.lang..", "java.util..", "java.nio..", "java.security..", "java.math..",
                                    "java.text..", "java.io..", "java.net..", "java.time..", "javax.crypto..")
                            .and(not(resideInAnyPackage("java.lang.management..", "java.lang.instrument..", "java.util.logging..", "java.util.prefs..",
                                    "java.net.http..")))
                            .as("are the core's own, the wire's, or in java.base"));
        }
    },
    /** What the replication is tied to from outside, its journal and its stream, lies in packages below it. */
    SYNC_STANDS_ALONE {
        @Override
        ArchRule in(String root) {
            return classes().that().resideInAnyPackage(root + ".sync", root + ".sync.port")
                    .should().onlyDependOnClassesThat(resideInAnyPackage(
                                    root + ".sync", root + ".sync.port", root + ".core.port", root + ".wire", "java.lang..", "java.util", "java.nio")
                            .and(not(resideInAnyPackage("java.lang.management..", "java.lang.instrument..", "java.lang.foreign..")))
                            .as("are the replication's own, the core's ports, the wire's, or plain Java"));
        }
    },
    NO_WAY_OUT {
        @Override
        ArchRule in(String root) {
            return noClasses().that().resideInAnyPackage(pure(root))
                    .should().dependOnClassesThat(resideInAnyPackage("java.io..", "java.net..", "java.nio.channels..", "java.nio.file..",
                                    "java.time..", "java.util.concurrent..", "java.lang.foreign..")
                            .and(not(named(java.io.Serializable.class)))
                            .as("reach outside, wait, or know the time of day"));
        }
    },
    NO_THREAD_NO_CHANCE {
        @Override
        ArchRule in(String root) {
            return noClasses().that().resideInAnyPackage(pure(root))
                    .should().dependOnClassesThat(named(
                            Thread.class, Runtime.class, Process.class, ProcessBuilder.class, ThreadLocal.class, java.util.Random.class,
                            java.util.SplittableRandom.class, java.util.random.RandomGenerator.class, java.security.SecureRandom.class,
                            java.util.UUID.class, java.util.Date.class, java.util.Timer.class, java.util.Calendar.class));
        }
    },
    NO_CLOCK {
        @Override
        ArchRule in(String root) {
            return noClasses().that().resideInAnyPackage(pure(root))
                    .should().callMethodWhere(new DescribedPredicate<JavaMethodCall>("a clock, the environment or chance is asked") {
                        @Override
                        public boolean test(JavaMethodCall call) {
                            return ASKING.contains(call.getTargetOwner().getFullName() + '.' + call.getName());
                        }
                    });
        }
    },
    DRIVERS_KNOW_THE_PORTS_ALONE {
        @Override
        ArchRule in(String root) {
            return noClasses().that().resideInAPackage(root + ".drivers..")
                    .should().dependOnClassesThat().resideInAnyPackage(
                            root + ".core", root + ".node..", root + ".cli..", root + ".console..", root + ".lab..", root + ".gateway..")
                    .allowEmptyShould(true);
        }
    },
    ONLY_THE_TOP_KNOWS_BOTH {
        @Override
        ArchRule in(String root) {
            return noClasses().that().resideInAPackage(root + "..")
                    .and().resideOutsideOfPackages(root + ".core..", root + ".node..", root + ".cli..", root + ".lab..")
                    .should().dependOnClassesThat().resideInAPackage(root + ".core")
                    .allowEmptyShould(true);
        }
    },
    A_TASK_KNOWS_NOTHING_OF_ITS_HOST {
        @Override
        ArchRule in(String root) {
            return classes().that().resideInAPackage(root + ".task")
                    .should().onlyDependOnClassesThat(resideInAnyPackage(root + ".task", "java.lang..", "java.nio", "java.util.."))
                    .because("it is what users program against, in the node, in a process of its own, in a test");
        }
    },
    CONFIGURATION_STANDS_ALONE {
        @Override
        ArchRule in(String root) {
            return noClasses().that().resideInAPackage(root + ".node.config..")
                    .should().dependOnClassesThat(resideInAnyPackage(root + "..").and(not(resideInAnyPackage(root + ".node.config..")))
                            .and(not(nameMatching(Pattern.quote(root + ".drivers.checkpoint.CheckpointSpec") + "(\\$Kind)?"))))
                    .because("tools read the configuration too, and must not load a node for it; what a checkpoint is, is a value");
        }
    },
    NO_CYCLES {
        @Override
        ArchRule in(String root) {
            return slices().matching(root + ".(**)").should().beFreeOfCycles();
        }
    };

    private static final Set<String> ASKING = Set.of(
            "java.lang.System.nanoTime", "java.lang.System.currentTimeMillis", "java.lang.System.getenv", "java.lang.System.getProperty",
            "java.lang.System.exit", "java.lang.System.identityHashCode", "java.lang.Math.random", "java.util.Collections.shuffle",
            "java.lang.Object.wait");

    /** The rule for the product under {@code root}. */
    abstract ArchRule in(String root);

    private static String[] pure(String root) {
        return new String[] {root + ".core..", root + ".wire..", root + ".sync", root + ".sync.port"};
    }

    private static DescribedPredicate<JavaClass> named(Class<?>... types) {
        Set<String> names = Stream.of(types).map(Class::getName).collect(Collectors.toSet());
        return DescribedPredicate.describe("are one of " + names, type -> names.contains(type.getFullName()));
    }
}
