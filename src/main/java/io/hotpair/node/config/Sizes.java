package io.hotpair.node.config;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes with their unit written out: {@code 64 KiB}, {@code 16 MiB}. */
final class Sizes {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,9}) ?(B|KiB|MiB|GiB)");

    private Sizes() { }

    /** Bytes, or empty for what is no size. */
    static OptionalLong parseBytes(String text) {
        Matcher matcher = SHAPE.matcher(text.strip());
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1)) << shift(matcher.group(2))) : OptionalLong.empty();
    }

    private static int shift(String unit) {
        return switch (unit) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> 0;
        };
    }

    /** In the largest unit in which it is whole. */
    static String format(long bytes) {
        for (String unit : new String[] {"GiB", "MiB", "KiB"}) {
            if (bytes > 0 && bytes % (1L << shift(unit)) == 0) {
                return (bytes >> shift(unit)) + " " + unit;
            }
        }
        return bytes + " B";
    }
}
