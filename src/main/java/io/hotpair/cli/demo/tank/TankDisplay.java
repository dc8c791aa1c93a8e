package io.hotpair.cli.demo.tank;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.BiConsumer;

/** Shows a {@link TankDemo}: as a picture that is drawn again and again, or a line for each thing that happens. */
public final class TankDisplay implements BiConsumer<String, TankSimulator.View> {
    private static final double LOW_M = 0.45;
    private static final double HIGH_M = 0.55;
    private static final int ROWS = 12;
    private static final int COLUMNS = 70;
    private static final String HOME = "\033[H\033[2J";

    private final PrintStream out;
    private final boolean live;
    private final LevelPlot plot;
    private String told = "";

    /** @param live whether {@code out} is a terminal that can be drawn on */
    public TankDisplay(PrintStream out, boolean live, boolean unicode) {
        this.out = out;
        this.live = live;
        plot = new LevelPlot(LOW_M, HIGH_M, TankPlant.REST_M, unicode);
    }

    @Override
    public void accept(String what, TankSimulator.View view) {
        if (live) {
            out.print(HOME);
            curve(view);
            out.println();
            out.println(what);
            out.printf(Locale.ROOT, "valve obeys board %s; %d commands, longest time without one %.1f ms, largest deviation %.1f mm%n",
                    view.board() < 0 ? "-" : view.board() == 0 ? "A" : "B", view.commands(), view.longestGapMs(), view.largestDeviationM() * 1000);
            out.flush();
        } else if (!told.equals(what)) {
            told = what;
            out.println(what);
            out.flush();
        }
    }

    /** The level of the last minute. */
    public void curve(TankSimulator.View view) {
        out.println("level of the tank, metres; the newest value is at the right");
        if (view.levelM().length > 0) {
            plot.curve(view.levelM(), ROWS, COLUMNS).forEach(out::println);
        }
    }

    /** The figures. */
    public void report(TankDemo.Result result) {
        curve(result.end());
        out.printf(Locale.ROOT, "undisturbed: longest time between two commands %.1f ms, largest deviation %.1f mm%n", result.calmGapMs(),
                result.calmDeviationM() * 1000);
        if (!result.gapsMs().isEmpty()) {
            out.printf(Locale.ROOT, "%d kills: time without a command, ms:", result.gapsMs().size());
            result.gapsMs().forEach(gap -> out.printf(Locale.ROOT, " %.1f", gap));
            out.printf(Locale.ROOT, " (a sensor value comes each %d ms); largest deviation %.1f mm%n", 1000 / TankSimulator.RATE,
                    result.end().largestDeviationM() * 1000);
        }
        result.broken().forEach(line -> out.println("BROKEN  " + line));
        out.println(result.kept() ? "every promise kept: the tank was held throughout" : "not every promise was kept");
        out.flush();
    }
}
