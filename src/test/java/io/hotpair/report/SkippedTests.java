package io.hotpair.report;

import java.io.PrintStream;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestWatcher;
import org.opentest4j.TestAbortedException;

/**
 * Says at the end of a run, after everything else that the tests print, which tests this machine could not run and why: a suite that passes
 * because half of it was not run must not look like one that passes.
 */
public final class SkippedTests implements TestWatcher, BeforeAllCallback, LifecycleMethodExecutionExceptionHandler {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SkippedTests.class);

    private static final class Report implements AutoCloseable {
        final Set<String> lines = new ConcurrentSkipListSet<>();

        void add(ExtensionContext context, String reason) {
            String method = context.getTestMethod().map(found -> "." + found.getName()).orElse(" (the whole class)");
            lines.add(context.getTestClass().map(Class::getSimpleName).orElse("?") + method + ": " + reason);
        }

        @Override
        public void close() {
            print(System.out, lines);
        }
    }

    /** Nothing, if none was. */
    static void print(PrintStream out, Set<String> lines) {
        if (!lines.isEmpty()) {
            out.println("NOT TESTED on this machine: " + lines.size());
            lines.forEach(line -> out.println("  " + line));
        }
    }

    private static Report report(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent(Report.class, key -> new Report(), Report.class);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        report(context); // there from the start, so that it is closed last
    }

    @Override
    public void testAborted(ExtensionContext context, Throwable cause) {
        report(context).add(context, cause.getMessage());
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        report(context).add(context, reason.orElse("switched off"));
    }

    /** An assumption of a whole class: its tests are not reported one by one. */
    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable cause) throws Throwable {
        if (cause instanceof TestAbortedException) {
            report(context).add(context, cause.getMessage());
        }
        throw cause;
    }
}
