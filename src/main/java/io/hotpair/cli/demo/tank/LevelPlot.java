package io.hotpair.cli.demo.tank;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A curve on a terminal. Each column stands for several values and shows the one that is furthest from the set point, so that a short excursion is
 * not averaged away.
 */
public final class LevelPlot {
    private static final String EIGHTHS = " ▁▂▃▄▅▆▇█";
    private static final String PLAIN = "_.-~=+*#";
    private static final int LABEL = 8;

    private final double low;
    private final double high;
    private final double setPoint;
    private final boolean unicode;

    /**
     * @param low value of the lower edge
     * @param high value of the upper edge, above {@code low}
     * @param setPoint where a line is drawn
     * @param unicode whether the terminal shows more than ASCII
     */
    public LevelPlot(double low, double high, double setPoint, boolean unicode) {
        if (!(low < high)) {
            throw new IllegalArgumentException("nothing lies between " + low + " and " + high);
        }
        this.low = low;
        this.high = high;
        this.setPoint = setPoint;
        this.unicode = unicode;
    }

    /** All values on one line, {@code columns} wide or narrower while there are fewer. */
    public String sparkline(double[] values, int columns) {
        double[] shown = columns(values, columns);
        String marks = unicode ? EIGHTHS.substring(1) : PLAIN;
        StringBuilder line = new StringBuilder(shown.length);
        for (double value : shown) {
            line.append(marks.charAt(Math.min(marks.length() - 1, (int) (share(value) * marks.length()))));
        }
        return line.toString();
    }

    /**
     * The values as an area under a curve, with its scale at the left.
     *
     * @param rows at least 2
     * @param columns width of the curve; the scale takes 8 more
     */
    public List<String> curve(double[] values, int rows, int columns) {
        double[] shown = columns(values, columns);
        int setRow = (int) Math.min(rows - 1, share(setPoint) * rows);
        List<String> lines = new ArrayList<>(rows);
        for (int row = rows - 1; row >= 0; row--) {
            StringBuilder line = new StringBuilder(LABEL + columns);
            boolean labelled = row == rows - 1 || row == 0 || row == setRow;
            double label = row == setRow ? setPoint : row == 0 ? low : high;
            line.append(labelled ? String.format(Locale.ROOT, "%6.3f", label) : "      ").append(unicode ? " │" : " |");
            for (int column = 0; column < columns; column++) {
                line.append(column < shown.length ? mark(share(shown[column]) * rows, row, rows, row == setRow) : row == setRow ? rule() : ' ');
            }
            lines.add(line.toString());
        }
        return lines;
    }

    /** @param heightRows height of the curve in this column, in rows */
    private char mark(double heightRows, int row, int rows, boolean setRow) {
        double part = heightRows - row;
        if (!unicode) {
            boolean top = row == rows - 1 && part >= 1; // a value at the upper edge
            return top || part >= 0 && part < 1 ? '*' : setRow ? rule() : ' ';
        }
        if (part <= 0) {
            return setRow ? rule() : ' ';
        }
        return EIGHTHS.charAt(Math.clamp(Math.round(part * 8), 1, 8));
    }

    private char rule() {
        return unicode ? '┄' : '-';
    }

    private double share(double value) {
        return Math.clamp((value - low) / (high - low), 0.0, 1.0);
    }

    /** One value for each column: the furthest from the set point. */
    private double[] columns(double[] values, int columns) {
        int count = Math.min(columns, values.length);
        double[] shown = new double[count];
        for (int column = 0; column < count; column++) {
            int from = (int) ((long) column * values.length / count);
            int to = (int) ((long) (column + 1) * values.length / count);
            double furthest = values[from];
            for (int i = from; i < to; i++) {
                furthest = Math.abs(values[i] - setPoint) > Math.abs(furthest - setPoint) ? values[i] : furthest;
            }
            shown[column] = furthest;
        }
        return shown;
    }
}
