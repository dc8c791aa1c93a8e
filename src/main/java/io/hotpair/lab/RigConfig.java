package io.hotpair.lab;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the configuration of a pair, the same file for both boards. Values are given as TOML text. */
final class RigConfig {
    /** How long a board that finds nobody waits. */
    static final long SETTLE_NS = 250_000_000;
    /** How long it waits for what is not ready. */
    static final long SETTLE_MAX_NS = 10_000_000_000L;

    private final Map<String, Map<String, String>> tables = new LinkedHashMap<>();

    RigConfig string(String table, String key, Object value) {
        String text = value.toString();
        if (text.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\')) {
            throw new IllegalArgumentException("not a plain text: " + text);
        }
        return raw(table, key, '"' + text + '"');
    }

    RigConfig raw(String table, String key, String toml) {
        tables.computeIfAbsent(table, name -> new LinkedHashMap<>()).put(key, toml);
        return this;
    }

    /** What every demonstration has in common: the 1 ms profile. */
    static RigConfig defaults(Path key, Path state, Path run, int baud) {
        return new RigConfig()
                .string("pair", "name", "demo")
                .string("pair", "key-file", key)
                .raw("pair", "groups", "[\"main\"]")
                .string("pair", "on-silence", "takeover")
                .string("pair", "state-dir", state)
                .string("pair", "run-dir", run)
                .string("timing", "heartbeat-interval", "1 ms")
                .raw("timing", "misses", "3")
                .string("timing", "lease", "2.5 ms")
                .string("timing", "margin", "0.25 ms")
                .string("timing", "arbitration", "1 ms")
                .string("timing", "settle", SETTLE_NS / 1_000_000 + " ms")
                .string("timing", "settle-max", SETTLE_MAX_NS / 1_000_000_000 + " s")
                .string("timing", "checkpoint-interval", "1 s")
                .raw("uart", "baud", Integer.toString(baud))
                .string("stream", "interval", "1 ms");
    }

    String toToml() {
        StringBuilder toml = new StringBuilder();
        tables.forEach((table, entries) -> {
            toml.append(toml.isEmpty() ? "" : "\n").append('[').append(table).append("]\n");
            entries.forEach((key, value) -> toml.append(key).append(" = ").append(value).append('\n'));
        });
        return toml.toString();
    }
}
