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

    boolean isWritten(String key) {
        return places.containsKey(key);
    }

    void add(String key, String problem) {
        failed.add(key);
        Place place = places.get(key);
        errors.add(new ConfigError(place == null ? 0 : place.line, key, place == null ? "" : place.value, problem));
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
        add(key, problem);
    }

    /** In the order of the lines; what has no line comes last. */
    List<ConfigError> inOrder() {
        List<ConfigError> sorted = new ArrayList<>(errors);
        sorted.sort(Comparator.comparingInt(error -> error.line() == 0 ? Integer.MAX_VALUE : error.line()));
        return sorted;
    }
}
