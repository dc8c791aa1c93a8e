package io.hotpair.cli.demo;

import io.hotpair.cli.demo.TextLine.Style;
import io.hotpair.lab.BoardView;
import io.hotpair.lab.Distribution;
import io.hotpair.lab.DrillRun;
import io.hotpair.lab.FaultKind;
import io.hotpair.lab.OutputLog;
import io.hotpair.lab.PairRig;
import io.hotpair.lab.Verdict;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Both boards side by side, drawn ten times a second on the terminal's alternate screen: each picture is written in one piece over
 * the one before, so nothing flickers, and the shell's screen is untouched afterwards.
 */
final class LiveDisplay implements AutoCloseable {
    static final int COLUMNS = 78;
    static final int ROWS = 20;

    private static final long PERIOD_MS = 100;
    private static final int BOX_WIDTH = COLUMNS / 2 - 1;
    private static final int BAR_WIDTH = 40;
    private static final String ENTER = "\033[?1049h\033[?25l\033[2J";
    private static final String LEAVE = "\033[?25h\033[?1049l";
    /** A terminal that knows synchronized output shows the picture when it is whole; others ignore it. */
    private static final String BEGIN = "\033[?2026h\033[H";
    private static final String END = "\033[J\033[?2026l";
    private static final String LINE_END = "\033[K\n";
    private static final String NOT_STARTED = "not started";
    private static final String LEGEND = "takeover: fault to new primary's first output at plant; silence: longest gap";
    private static final String[] CHANNELS = {"EthA", "EthB", "UART", "GPIO"};

    private final PrintStream out;
    private final boolean colours;
    private final boolean unicode;
    private final PairRig rig;
    private final DemoStatus status;
    private final BoardView[] views = new BoardView[2];
    private final long[] outputs = new long[2];
    private final long[] countBefore = new long[2];
    private final long startNs = System.nanoTime();
    private final Thread thread;
    private long drawnNs = startNs;
    private boolean closed;

    /**
     * Takes over the screen.
     *
     * @param colours whether to colour
     * @param unicode whether the terminal shows more than ASCII
     */
    LiveDisplay(PrintStream out, boolean colours, boolean unicode, PairRig rig, DemoStatus status) {
        this.out = out;
        this.colours = colours;
        this.unicode = unicode;
        this.rig = rig;
        this.status = status;
        for (int i = 0; i < 2; i++) {
            views[i] = rig.view(i);
        }
        out.print(ENTER);
        out.flush();
        thread = Thread.ofPlatform().daemon().name("display").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                    draw();
                }
                Thread.sleep(PERIOD_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void draw() {
        StringBuilder picture = new StringBuilder(4096).append(BEGIN);
        for (TextLine line : compose(System.nanoTime())) {
            picture.append(line).append(LINE_END);
        }
        out.print(picture.append(END));
        out.flush();
    }

    /** The whole picture. */
    List<TextLine> compose(long nowNs) {
        double seconds = Math.max(1e-3, (nowNs - drawnNs) / 1e9);
        drawnNs = nowNs;
        for (int i = 0; i < 2; i++) {
            long count = rig.plant().log(i).count();
            // Smoothed over about half a second.
            outputs[i] = Math.round(outputs[i] * 0.7 + (count - countBefore[i]) / seconds * 0.3);
            countBefore[i] = count;
        }
        List<TextLine> picture = new ArrayList<>();
        long secondsRunning = (nowNs - startNs) / 1_000_000_000;
        picture.add(line().add("hotpair demo", Style.BOLD).add("  two boards, four heartbeat channels, one plant").to(COLUMNS - 6)
                .add(String.format("%02d:%02d", secondsRunning / 60, secondsRunning % 60), Style.DIM));
        picture.add(line());
        List<TextLine> a = board(0);
        List<TextLine> b = board(1);
        for (int i = 0; i < a.size(); i++) {
            picture.add(line().add(a.get(i)).to(COLUMNS / 2 + 1).add(b.get(i)));
        }
        picture.add(line());
        picture.add(plant(nowNs));
        picture.add(line());
        Verdict soFar = status.soFar();
        Verdict breaking = soFar == null || soFar.kept() ? null : soFar;
        for (FaultKind kind : FaultKind.values()) {
            picture.add(kind(kind, breaking));
        }
        picture.add(line().add(LEGEND, Style.DIM));
        picture.add(line());
        int total = Math.max(1, status.total());
        int done = status.runs().size();
        int filled = BAR_WIDTH * done / total;
        picture.add(line().add((unicode ? "█" : "#").repeat(filled), Style.GREEN).add((unicode ? "░" : ".").repeat(BAR_WIDTH - filled))
                .add("  " + done + " of " + status.total() + " takeovers"));
        picture.add(line().add(status.step(), Style.BOLD));
        Verdict newest = soFar != null ? soFar : done == 0 ? null : status.runs().get(done - 1).verdict();
        picture.add(newest == null ? line() : line().add(clip(PlainProgress.summary(newest), COLUMNS), newest.kept() ? Style.DIM : Style.RED));
        return picture;
    }

    private List<TextLine> board(int id) {
        BoardView view = views[id];
        boolean running = rig.board(id).running();
        boolean powered = rig.powered(id);
        boolean shows = running && powered && view.refresh();
        boolean started = rig.board(id).pid() >= 0;
        String role = !powered ? "no power" : !started ? NOT_STARTED : !running ? "dead" : !shows ? "starting" : view.role();
        boolean leads = shows && role.equals(BoardView.PRIMARY);
        int fresh = 0;
        TextLine channels = line();
        for (int channel = 0; channel < CHANNELS.length; channel++) {
            boolean heard = shows && view.channelFresh(channel);
            fresh += heard ? 1 : 0;
            dot(channels, !shows ? Style.DIM : heard ? Style.GREEN : Style.RED, heard).add(" " + CHANNELS[channel] + " ");
        }
        boolean sync = shows && (leads ? views[1 - id].inSync() && fresh > 0 : view.inSync());
        TextLine leds = line();
        dot(leds, roleColour(role), shows).add(" role ");
        dot(leds, !started ? Style.DIM : fresh == 4 ? Style.GREEN : fresh > 0 ? Style.YELLOW : Style.RED, fresh > 0).add(" peer ");
        dot(leds, !started ? Style.DIM : sync ? Style.GREEN : Style.YELLOW, sync).add(" sync ");
        boolean fault = shows && (role.equals("FAULT") || role.equals("ISOLATED") || fresh < 4);
        dot(leds, fault ? Style.RED : Style.DIM, fault).add(" fault");

        List<TextLine> box = new ArrayList<>();
        box.add(border(unicode ? "┌" : "+", " board " + (id == 0 ? "A " : "B "), unicode ? "┐" : "+"));
        box.add(row(line().add(role, roleColour(role)).to(13)
                .add(shows ? "term " + view.term() + (sync ? "  in sync" : "") : "")));
        box.add(row(line().add("leds  ", Style.DIM).add(leds)));
        box.add(row(line().add("hears ", Style.DIM).add(channels)));
        box.add(row(line().add("sends ", Style.DIM).add(outputs[id] + " outputs/s", outputs[id] > 0 ? Style.GREEN : Style.DIM)));
        box.add(border(unicode ? "└" : "+", "", unicode ? "┘" : "+"));
        return box;
    }

    private static Style roleColour(String role) {
        return switch (role) {
            case BoardView.PRIMARY -> Style.GREEN;
            case BoardView.STANDBY -> Style.YELLOW;
            case "FAULT", "dead", "no power" -> Style.RED;
            case NOT_STARTED -> Style.DIM;
            default -> Style.BLUE;
        };
    }

    private TextLine plant(long nowNs) {
        TextLine line = line().add("plant  ", Style.DIM).add(rig.plant().total() + " outputs heard, now from ");
        String from = "";
        for (int i = 0; i < 2; i++) {
            OutputLog log = rig.plant().log(i);
            if (log.heardSince(nowNs - 50_000_000)) {
                from += (from.isEmpty() ? "board " : " and ") + (i == 0 ? "A" : "B");
            }
        }
        long lost = 0;
        long doubled = 0;
        for (DrillRun run : status.runs()) {
            lost += run.verdict().lost();
            doubled += run.verdict().doubled();
        }
        return line.add(from.isEmpty() ? "nobody" : from, from.isEmpty() ? Style.RED : Style.GREEN)
                .add("; lost " + lost + ", doubled " + doubled, lost + doubled == 0 ? Style.PLAIN : Style.RED);
    }

    private TextLine kind(FaultKind kind, Verdict breaking) {
        List<DrillRun> runs = status.runs().stream().filter(run -> run.verdict().fault().kind() == kind).toList();
        long broken = runs.stream().filter(run -> !run.verdict().kept()).count() + (breaking != null && breaking.fault().kind() == kind ? 1 : 0);
        TextLine line = line().add(kind.title()).to(15);
        if (runs.isEmpty() && broken == 0) {
            return line.add("-", Style.DIM);
        }
        line.add(String.format("%2d x  ", runs.size()));
        Distribution takeover = DemoReport.takeovers(runs);
        if (takeover.count() > 0) {
            line.add("p50 " + ms(takeover.median()) + " ms", takeover.median() <= kind.targetNs() ? Style.GREEN : Style.YELLOW)
                    .add("  " + ms(takeover.min()) + " to " + ms(takeover.max()));
        }
        line.add(broken > 0 ? "  BROKEN " + broken : "  target " + ms(kind.targetNs()), broken > 0 ? Style.RED : Style.PLAIN);
        return takeover.count() == 0 ? line : line.add("  silence " + ms(DemoReport.silences(runs).max()));
    }

    /** Such that a line stays as wide as the screen, whatever a busy machine takes. */
    private static String ms(long ns) {
        return ns < 100_000_000 ? DemoReport.ms(ns) : Long.toString(ns / 1_000_000);
    }

    private TextLine border(String left, String title, String right) {
        return line().add(left + title).add((unicode ? "─" : "-").repeat(BOX_WIDTH - 2 - title.length())).add(right);
    }

    private TextLine row(TextLine content) {
        String side = unicode ? "│" : "|";
        return line().add(side + " ").add(content).to(BOX_WIDTH - 1).add(side);
    }

    private TextLine dot(TextLine line, Style style, boolean lit) {
        return line.add(unicode ? lit ? "●" : "○" : lit ? "*" : ".", style);
    }

    private TextLine line() {
        return new TextLine(colours);
    }

    private static String clip(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 3) + "...";
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            out.print(LEAVE);
            out.flush();
        }
        thread.interrupt();
        views[0].close();
        views[1].close();
    }
}
