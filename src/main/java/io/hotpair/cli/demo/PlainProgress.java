package io.hotpair.cli.demo;

import io.hotpair.lab.DrillObserver;
import io.hotpair.lab.DrillRun;
import io.hotpair.lab.Verdict;
import java.io.PrintStream;

/** One line for each step, for logs and pipes. */
final class PlainProgress implements DrillObserver {
    private static final String QUIET_STEP = "undisturbed operation";

    private final PrintStream out;

    PlainProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void step(String what, int done, int total) {
        if (!what.equals(QUIET_STEP)) {
            out.println("[" + done + "/" + total + "] " + what);
        }
    }

    @Override
    public void judged(DrillRun run) {
        out.println("        " + summary(run.verdict()));
    }

    /** A fault in one line. */
    static String summary(Verdict verdict) {
        String board = verdict.fault().board() == 0 ? "A" : "B";
        String survivor = verdict.fault().board() == 0 ? "B" : "A";
        String outcome = verdict.takenOver()
                ? "board " + survivor + " led after " + DemoReport.ms(verdict.takeoverNs()) + " ms (term " + verdict.newTerm() + ")"
                : "nobody took over";
        return verdict.fault().kind().title() + " of board " + board + ": " + outcome
                + (verdict.kept() ? "" : "; BROKEN: " + String.join(", ", verdict.broken()));
    }
}
