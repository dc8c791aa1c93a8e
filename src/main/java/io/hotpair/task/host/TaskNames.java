package io.hotpair.task.host;

import io.hotpair.task.Setup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names of a task's ports, numbered from 0 as the configuration lists them, and its settings. As text, for a task in another process, one a line:
 * {@code in NAME}, {@code out NAME}, {@code set KEY=VALUE}.
 */
public record TaskNames(List<String> inputs, List<String> outputs, Map<String, String> settings) implements Setup {
    /** Most ports of a kind: their number is a byte in a record. */
    public static final int PORTS_MAX = 256;

    /** @throws IllegalArgumentException naming what cannot be a name, a key or a value */
    public TaskNames {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        settings = Map.copyOf(settings);
        if (inputs.size() > PORTS_MAX || outputs.size() > PORTS_MAX) {
            throw new IllegalArgumentException("more than " + PORTS_MAX + " ports");
        }
        List<String> words = new ArrayList<>(inputs);
        words.addAll(outputs);
        settings.forEach((key, value) -> {
            words.add(key.replace('=', '\n'));
            words.add(value);
        });
        for (String word : words) {
            if (word.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("\"" + word + "\" has a line break, or an equals sign in a key");
            }
        }
    }

    @Override
    public int input(String name) {
        return number(inputs, name, "input");
    }

    @Override
    public int output(String name) {
        return number(outputs, name, "output");
    }

    @Override
    public String setting(String key, String otherwise) {
        return settings.getOrDefault(key, otherwise);
    }

    private static int number(List<String> names, String name, String kind) {
        int number = names.indexOf(name);
        if (number < 0) {
            throw new IllegalArgumentException("no " + kind + " port \"" + name + "\"; configured: "
                    + (names.isEmpty() ? "none" : String.join(", ", names)));
        }
        return number;
    }

    byte[] encode() {
        StringBuilder text = new StringBuilder();
        inputs.forEach(name -> text.append("in ").append(name).append('\n'));
        outputs.forEach(name -> text.append("out ").append(name).append('\n'));
        settings.forEach((key, value) -> text.append("set ").append(key).append('=').append(value).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    static TaskNames decode(byte[] bytes) {
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        Map<String, String> settings = new LinkedHashMap<>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
            int space = line.indexOf(' ');
            String rest = line.substring(space + 1);
            switch (line.substring(0, Math.max(0, space))) {
                case "in" -> inputs.add(rest);
                case "out" -> outputs.add(rest);
                case "set" -> settings.put(rest.substring(0, rest.indexOf('=')), rest.substring(rest.indexOf('=') + 1));
                default -> { } // a line of a later version
            }
        }
        return new TaskNames(inputs, outputs, settings);
    }
}
