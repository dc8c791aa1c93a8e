package io.hotpair.cli;

import io.hotpair.cli.demo.DemoCommand;
import io.hotpair.lab.InstalledNodes;
import io.hotpair.lab.NodeKit;
import io.hotpair.node.config.ConfigException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Picks the command, turns what it throws into one line and an exit code. */
@Command(
        name = "hotpair",
        description = "A hot-standby pair out of two single-board computers.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Hotpair.Version.class,
        subcommands = {
            NodeCommand.class,
            StatusCommand.class,
            CheckCommand.class,
            KeygenCommand.class,
            OrderCommand.Switchover.class,
            OrderCommand.Hold.class,
            OrderCommand.Release.class,
            OrderCommand.Repair.class,
            RehearseCommand.class,
            HelpCommand.class,
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:fine",
            "1:the check failed",
            "2:called wrongly",
            "3:the environment lacks something; the message names it",
        },
        footerHeading = "%nExample:%n",
        footer = "  hotpair help check")
public final class Hotpair implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private Hotpair() {
    }

    /** Never returns. */
    public static void main(String[] args) {
        System.exit(run(utf8(FileDescriptor.out), utf8(FileDescriptor.err), args));
    }

    /**
     * Runs one command.
     *
     * @return the exit code, see {@link ExitCode}
     */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        NodeKit nodes = new InstalledNodes(Path.of(System.getProperty("hotpair.home", ".")));
        CommandLine line = new CommandLine(new Hotpair())
                .addSubcommand(new DemoCommand(nodes))
                .addSubcommand(new BenchCommand(nodes))
                .addSubcommand(new LabCommand(nodes))
                .setOut(out) // reaches the commands that are there already
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler(Hotpair::onMisuse)
                .setExecutionExceptionHandler(Hotpair::onException);
        int code = line.execute(args);
        out.flush();
        err.flush();
        return code;
    }

    /** No command: the help is the answer, and the exit code says that something was missing. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int onMisuse(CommandLine.ParameterException exception, String[] args) {
        CommandLine line = exception.getCommandLine();
        PrintWriter err = line.getErr();
        String misuse = misuse(exception);
        err.println("hotpair: " + misuse + (misuse.endsWith("?") ? " See " : "; see ") + line.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    /** What is wrong and, if it can be told, what would be right. */
    private static String misuse(CommandLine.ParameterException exception) {
        String command = exception.getCommandLine().getCommandSpec().qualifiedName();
        switch (exception) {
            case CommandLine.UnmatchedArgumentException unmatched -> {
                String given = unmatched.getUnmatched().getFirst();
                boolean commands = !exception.getCommandLine().getSubcommands().isEmpty();
                String kind = unmatched.isUnknownOption() ? "no option of " : commands ? "no command of " : "one argument too many for ";
                String near = near(given, unmatched.getSuggestions()).map(name -> ". Did you mean: " + command + ' ' + name + '?').orElse("");
                return "'" + given + "' is " + kind + command + near;
            }
            case CommandLine.MissingParameterException missing when isChoice(missing) -> {
                return command + " needs one of " + missing.getMissing().stream().map(Hotpair::name).collect(Collectors.joining(", "));
            }
            case CommandLine.MissingParameterException missing when !missing.getMissing().isEmpty() -> {
                ArgSpec first = missing.getMissing().getFirst();
                return command + (first.isOption() ? " needs a value for " : " needs ") + name(first);
            }
            default -> {
                String message = exception.getMessage().replaceFirst("^Error: ", "");
                return message.startsWith("Invalid ") ? 'i' + message.substring(1) : message;
            }
        }
    }

    /** Of what picocli finds the nearest, which may be far. */
    private static Optional<String> near(String given, List<String> suggestions) {
        String initial = given.substring(0, Math.min(given.length(), 1));
        return suggestions.stream().filter(near -> near.startsWith(initial) && Math.abs(near.length() - given.length()) <= 2).findFirst();
    }

    private static boolean isChoice(CommandLine.MissingParameterException missing) {
        return missing.getMissing().size() > 1 && missing.getMissing().stream().allMatch(ArgSpec::isOption);
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static int onException(Exception exception, CommandLine line, CommandLine.ParseResult parsed) {
        PrintWriter err = line.getErr();
        switch (exception) {
            case ConfigException config -> {
                err.println(config.getMessage());
                return ExitCode.FAILED;
            }
            case EnvironmentException environment -> {
                err.println("hotpair: " + environment.getMessage());
                return ExitCode.ENVIRONMENT;
            }
            default -> {
                // A defect of the program: the trace is what a report needs.
                exception.printStackTrace(err);
                return ExitCode.FAILED;
            }
        }
    }

    /** Not through {@code System.out}: that keeps it to itself when nobody reads any more. */
    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), false);
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"hotpair " + SoftwareVersion.get(), "java " + Runtime.version()};
        }
    }
}
