package io.hotpair.lab;

import java.util.Arrays;

/** A handful of measured times, kept whole: percentiles are exact (nearest rank), no run is left out. */
public final class Distribution {
    private final long[] sorted;

    /** @param values in ns, in any order */
    public Distribution(long... values) {
        sorted = values.clone();
        Arrays.sort(sorted);
    }

    /** Number of values. */
    public int count() {
        return sorted.length;
    }

    /** Smallest value; needs at least one. */
    public long min() {
        return sorted[0];
    }

    /** Largest value; needs at least one. */
    public long max() {
        return sorted[sorted.length - 1];
    }

    /** The median: the mean of the middle two for an even count. */
    public long median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** @param percent above 0, up to 100 */
    public long percentile(double percent) {
        if (!(percent > 0 && percent <= 100)) {
            throw new IllegalArgumentException("percentile " + percent);
        }
        return sorted[(int) Math.ceil(percent / 100 * sorted.length) - 1];
    }

    /**
     * All values on one line of text: how many fall into each of {@code width} equal cells from 0 to {@code scaleNs}; what lies
     * beyond is counted in the last cell.
     *
     * @param markNs a limit to show, or a negative number
     */
    public String strip(int width, long scaleNs, long markNs) {
        int[] cells = new int[width];
        for (long value : sorted) {
            cells[cell(value, width, scaleNs)]++;
        }
        int mark = markNs < 0 ? -1 : cell(markNs, width, scaleNs);
        StringBuilder line = new StringBuilder(width);
        for (int i = 0; i < width; i++) {
            line.append(cells[i] == 0 ? i == mark ? '|' : '.' : cells[i] < 10 ? (char) ('0' + cells[i]) : '#');
        }
        return line.toString();
    }

    private static int cell(long value, int width, long scaleNs) {
        return (int) Math.clamp(value * width / Math.max(1, scaleNs), 0L, width - 1L);
    }
}
