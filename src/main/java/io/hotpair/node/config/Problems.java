package io.hotpair.node.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects every error of one file, and knows where each key stands. */
final class Problems {
    private record Place(int line, String value) {
    }

    private final List<ConfigError> errors = new ArrayList<>();
    private final Map<String, Place> places = new HashMap<>();
    private final Set<String> failed = new HashSet<>();

    /** Notes that {@code key} is in the file, so that an error about it can name its line and value. */
    void saw(String key, int line, String value) {
        places.put(key, new Place(line, value));
    }

    /** Notes the value that holds because {@code key} is not in the file. */
    void defaulted(String key, String value) {
        places.put(key, new Place(0, value + " (default)"));
    }

    boolean isWritten(String key) {
        return places.containsKey(key) && places.get(key).line > 0;
    }

    void add(String key, String problem) {
        addAt(lineOf(key), key, problem);
    }

    private void addAt(int line, String key, String problem) {
        failed.add(key);
        Place place = places.get(key);
        errors.add(new ConfigError(line, key, place == null ? "" : place.value, problem));
    }

    private int lineOf(String key) {
        return isWritten(key) ? places.get(key).line : 0;
    }

    void addAt(int line, String problem) {
        errors.add(new ConfigError(line, "", "", problem));
    }

    /**
     * Reports {@code problem} at {@code key} unless {@code holds}. Silent when a key the relation is about was already
     * refused: its stand-in value would make errors that nobody wrote.
     */
    void require(boolean holds, String key, String problem, String... alsoAbout) {
        if (holds || failed.contains(key)) {
            return;
        }
        for (String other : alsoAbout) {
            if (failed.contains(other)) {
                return;
            }
        }
        // A default that does not go with what is written: the written line is the place to look at.
        int line = lineOf(key);
        for (int i = 0; line == 0 && i < alsoAbout.length; i++) {
            line = lineOf(alsoAbout[i]);
        }
        addAt(line, key, problem);
    }

    /** In the order of the lines; what has no line comes last. */
    List<ConfigError> inOrder() {
        List<ConfigError> sorted = new ArrayList<>(errors);
        sorted.sort(Comparator.comparingInt(error -> error.line() == 0 ? Integer.MAX_VALUE : error.line()));
        return sorted;
    }
}
