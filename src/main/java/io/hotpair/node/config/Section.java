package io.hotpair.node.config;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of the file while it is read. Each getter checks type and range, fills in the default, and notes the value that
 * holds for the digest; {@link #finish} then reports the keys that nobody asked for.
 */
final class Section {
    private final String path;
    private final TomlTable table;
    private final Problems problems;
    private final Map<String, String> meaning;
    private final Set<String> known = new HashSet<>();

    /**
     * @param path dotted name, e.g. {@code board.a}
     * @param table null when the file does not have it
     * @param meaning where the value of every key is noted, default or not
     */
    Section(String path, TomlTable table, Problems problems, Map<String, String> meaning) {
        this.path = path;
        this.table = table;
        this.problems = problems;
        this.meaning = meaning;
        if (table != null) {
            for (String key : table.keySet()) {
                Object value = table.get(List.of(key));
                TomlPosition position = table.inputPositionOf(List.of(key));
                problems.saw(key(key), position == null ? 0 : position.line(), Text.asWritten(value));
            }
        }
    }

    /** The full name of a key of this table. */
    String key(String name) {
        return path + '.' + name;
    }

    /** The same with a key that is looked at elsewhere. */
    Section without(String name) {
        known.add(name);
        return this;
    }

    boolean has(String name) {
        return table != null && table.contains(List.of(name));
    }

    long durationNs(String name, String fallback, String atLeast, String atMost) {
        return durationNs(name, Durations.parseNs(fallback).orElseThrow(), atLeast, atMost);
    }

    long durationNs(String name, long fallbackNs, String atLeast, String atMost) {
        long minNs = Durations.parseNs(atLeast).orElseThrow();
        long maxNs = Durations.parseNs(atMost).orElseThrow();
        long valueNs = read(name, String.class, "a duration with its unit in quotes, \"1 ms\" or \"250 us\"")
                .map(text -> {
                    long ns = Durations.parseNs(text).orElse(-1);
                    if (ns < 0) {
                        problems.add(key(name), "must be a number and a unit (us, ms, s, min), " + atLeast + " to " + atMost);
                    } else if (ns < minNs || ns > maxNs) {
                        problems.add(key(name), "must be " + atLeast + " to " + atMost);
                    } else {
                        return ns;
                    }
                    return fallbackNs;
                })
                .orElse(fallbackNs);
        return note(name, valueNs, '"' + Durations.format(valueNs) + '"');
    }

    /** A size in bytes. */
    long bytes(String name, String fallback, String atLeast, String atMost) {
        long fallbackBytes = Sizes.parseBytes(fallback).orElseThrow();
        long value = read(name, String.class, "a size with its unit in quotes, \"64 KiB\" or \"16 MiB\"")
                .map(text -> {
                    long bytes = Sizes.parseBytes(text).orElse(-1);
                    if (bytes < Sizes.parseBytes(atLeast).orElseThrow() || bytes > Sizes.parseBytes(atMost).orElseThrow()) {
                        problems.add(key(name), "must be a number and a unit (B, KiB, MiB, GiB), " + atLeast + " to " + atMost);
                        return fallbackBytes;
                    }
                    return bytes;
                })
                .orElse(fallbackBytes);
        return note(name, value, '"' + Sizes.format(value) + '"');
    }

    /** Every key of this table, whatever it is called; each a text. */
    Map<String, String> anyTexts() {
        Map<String, String> values = new TreeMap<>();
        for (String name : table == null ? Set.<String>of() : table.keySet()) {
            read(name, String.class, "a text in quotes").ifPresent(value -> values.put(name, note(name, value, "")));
        }
        return values;
    }

    int integer(String name, int fallback, int atLeast, int atMost) {
        int value = read(name, Long.class, "a whole number")
                .map(number -> {
                    if (number < atLeast || number > atMost) {
                        problems.add(key(name), "must be " + atLeast + " to " + atMost);
                        return fallback;
                    }
                    return Math.toIntExact(number);
                })
                .orElse(fallback);
        return note(name, value, String.valueOf(value));
    }

    boolean flag(String name, boolean fallback) {
        boolean value = read(name, Boolean.class, "true or false").orElse(fallback);
        return note(name, value, String.valueOf(value));
    }

    String text(String name, String fallback) {
        String value = nonEmpty(name).orElse(fallback);
        return note(name, value, Text.asWritten(value));
    }

    Optional<String> optionalText(String name) {
        return note(name, nonEmpty(name), "");
    }

    /** A text that {@code parse} understands; {@code shape} tells what it should have been. */
    <T> Optional<T> optional(String name, String shape, Function<String, Optional<T>> parse) {
        Optional<String> written = nonEmpty(name);
        Optional<T> value = written.flatMap(parse);
        if (written.isPresent() && value.isEmpty()) {
            problems.add(key(name), "must be " + shape);
        }
        // The digest is about meaning: "[::1]:80" and "[0:0:0:0:0:0:0:1]:80" are the same endpoint.
        note(name, value.map(Object::toString), "");
        return value;
    }

    /** A path; a relative one starts at the folder of the configuration file. The digest takes it as written. */
    Path path(String name, String fallback, Path folder) {
        return folder.resolve(text(name, fallback)).normalize();
    }

    List<String> texts(String name, List<String> fallback) {
        List<String> values = read(name, TomlArray.class, "a list of names, [\"main\"]")
                .map(array -> {
                    if (!array.toList().stream().allMatch(String.class::isInstance)) {
                        problems.add(key(name), "must be a list of names, [\"main\"]");
                        return fallback;
                    }
                    return array.toList().stream().map(String.class::cast).toList();
                })
                .orElse(fallback);
        return note(name, values, values.toString());
    }

    /** Reports every key that none of the getters knows, with the nearest one that exists. */
    void finish() {
        if (table == null) {
            return;
        }
        for (String key : table.keySet()) {
            if (!known.contains(key)) {
                problems.add(key(key), Text.unknown(key, known));
            }
        }
    }

    private Optional<String> nonEmpty(String name) {
        Optional<String> value = read(name, String.class, "a text in quotes");
        if (value.isPresent() && value.get().isBlank()) {
            problems.add(key(name), "must not be empty; leave the key out instead");
            return Optional.empty();
        }
        return value;
    }

    private <T> Optional<T> read(String name, Class<T> type, String shape) {
        known.add(name);
        if (!has(name)) {
            return Optional.empty();
        }
        Object value = table.get(List.of(name));
        if (!type.isInstance(value)) {
            problems.add(key(name), "must be " + shape);
            return Optional.empty();
        }
        return Optional.of(type.cast(value));
    }

    /** @param shown how it would be written, in case it is a default; empty for a key that has none */
    private <T> T note(String name, T value, String shown) {
        meaning.put(key(name), String.valueOf(value));
        if (!has(name) && !shown.isEmpty()) {
            problems.defaulted(key(name), shown);
        }
        return value;
    }

    /** Wording shared by the tables. */
    static final class Text {
        private Text() {
        }

        /** {@code unknown key; did you mean "lease"?} or the list of what there is. */
        static String unknown(String key, Set<String> known) {
            String nearest = null;
            int nearestDistance = Integer.MAX_VALUE;
            for (String candidate : known.stream().sorted().toList()) {
                int distance = distance(key.toLowerCase(Locale.ROOT), candidate);
                if (distance < nearestDistance) {
                    nearest = candidate;
                    nearestDistance = distance;
                }
            }
            // Beyond half the letters it would be a guess, not a correction.
            if (nearest != null && nearestDistance <= Math.max(2, nearest.length() / 2)) {
                return "unknown key; did you mean \"" + nearest + "\"?";
            }
            return "unknown key; known are " + known.stream().sorted().collect(Collectors.joining(", "));
        }

        static String asWritten(Object value) {
            return switch (value) {
                case null -> "";
                case String text -> '"' + text + '"';
                case TomlTable table -> "";
                case TomlArray array -> array.toList().stream().map(Text::asWritten).collect(Collectors.joining(", ", "[", "]"));
                default -> value.toString();
            };
        }

        /** Levenshtein distance, two rows at a time. */
        private static int distance(String a, String b) {
            int[] previous = new int[b.length() + 1];
            int[] current = new int[b.length() + 1];
            for (int j = 0; j <= b.length(); j++) {
                previous[j] = j;
            }
            for (int i = 1; i <= a.length(); i++) {
                current[0] = i;
                for (int j = 1; j <= b.length(); j++) {
                    int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                    current[j] = Math.min(change, Math.min(previous[j], current[j - 1]) + 1);
                }
                int[] swap = previous;
                previous = current;
                current = swap;
            }
            return previous[b.length()];
        }
    }
}
