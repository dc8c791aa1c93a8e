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
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

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
        err.println("hotpair: " + exception.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(exception, err)) {
            err.println(line.getHelp().fullSynopsis().stripTrailing());
        }
        err.println("Help: " + line.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
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
