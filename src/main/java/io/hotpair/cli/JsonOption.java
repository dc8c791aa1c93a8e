package io.hotpair.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * The {@code --json} of every command. A result is a map of plain values, lists and maps, written by jackson-jr: the smallest
 * member of the Jackson family, two jars without annotations, and what it is given here it writes without reflection.
 */
public final class JsonOption {
    private static final JSON WRITER = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES);

    @Option(names = "--json", description = "print the result as JSON")
    private boolean wanted;

    /** Whether {@code --json} was given. */
    public boolean wanted() {
        return wanted;
    }

    /** Prints {@code result} as JSON when that was asked for, else lets {@code text} print. */
    public void print(CommandSpec spec, Map<String, ?> result, Consumer<PrintWriter> text) {
        PrintWriter out = spec.commandLine().getOut();
        if (wanted) {
            out.println(toJson(result));
        } else {
            text.accept(out);
        }
    }

    /** JSON text of plain values, lists and maps. */
    public static String toJson(Map<String, ?> value) {
        try {
            return WRITER.asString(value);
        } catch (IOException e) {
            throw new IllegalArgumentException("not plain values: " + value, e);
        }
    }
}
