package io.hotpair.node.config;

import java.math.BigDecimal;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them, {@code "2.5 ms"}, and as the core counts them, nanoseconds. */
public final class Durations {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?) ?(ns|us|µs|μs|ms|s|min|h)");
    private static final String[] UNITS = {"h", "min", "s", "ms", "us", "ns"};

    private Durations() {
    }

    /** Nanoseconds of {@code "2.5 ms"}; empty when it is not a number with a unit, a fraction of a nanosecond, or above a day. */
    public static OptionalLong parseNs(String text) {
        Matcher matcher = WRITTEN.matcher(text.strip());
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        BigDecimal ns = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unitNs(matcher.group(2))));
        if (ns.stripTrailingZeros().scale() > 0 || ns.compareTo(BigDecimal.valueOf(24 * unitNs("h"))) > 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(ns.longValueExact());
    }

    /** The shortest exact way to write it without an exponent: {@code 2.75 ms}, {@code 250 us}. */
    public static String format(long ns) {
        if (ns == 0) {
            return "0 ms";
        }
        long size = Math.abs(ns);
        for (String unit : UNITS) {
            long unitNs = unitNs(unit);
            // Hours and minutes only when whole: "1.5 min" reads worse than "90 s".
            boolean fits = unitNs > unitNs("s") ? size % unitNs == 0 : size >= unitNs;
            if (fits) {
                BigDecimal amount = BigDecimal.valueOf(ns).divide(BigDecimal.valueOf(unitNs));
                return amount.stripTrailingZeros().toPlainString() + ' ' + unit;
            }
        }
        throw new AssertionError(ns);
    }

    private static long unitNs(String unit) {
        return switch (unit) {
            case "ns" -> 1L;
            case "us", "µs", "μs" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "min" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> throw new IllegalArgumentException(unit);
        };
    }
}
