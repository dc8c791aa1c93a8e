package io.hotpair.lab;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A Redis primary with one replica on this machine, both without persistence, started and ended here. They end with this program however it ends,
 * where {@code setpriv} (util-linux) is there.
 */
public final class RedisPair implements AutoCloseable {
    /** What is said where there is none. */
    public static final String ABSENT = "redis-server is not installed: not compared (Debian: apt install redis-server)";
    private static final String SERVER = "redis-server";
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final long PATIENCE_NS = 20_000_000_000L;
    private static final long LOOK_MS = 20;
    private static final int LOG_LINES = 5;
    private static final int SMALL_BYTES = 4096;

    private final Path server;
    private final InetSocketAddress primary;
    private final InetSocketAddress replica;
    private final List<BoardProcess> processes = new ArrayList<>();

    /** The server program on a search path as that of the environment. */
    public static Optional<Path> find(String searchPath) {
        return program(SERVER, searchPath);
    }

    private static Optional<Path> program(String name, String searchPath) {
        for (String folder : searchPath.split(File.pathSeparator)) {
            Path program = Path.of(folder, name);
            if (!folder.isEmpty() && Files.isExecutable(program) && !Files.isDirectory(program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    /**
     * @param server the program
     * @param directory for logs; nothing else is stored
     */
    public RedisPair(Path server, Path directory) throws IOException {
        this.server = server;
        InetAddress loopback = InetAddress.getByAddress(LOOPBACK);
        primary = RigAddresses.freeTcp(loopback);
        replica = RigAddresses.freeTcp(loopback);
        processes.add(process(directory, "redis-primary", primary, List.of()));
        processes.add(process(directory, "redis-replica", replica,
                List.of("--replicaof", loopback.getHostAddress(), Integer.toString(primary.getPort()))));
    }

    private BoardProcess process(Path directory, String name, InetSocketAddress at, List<String> more) {
        List<String> command = new ArrayList<>();
        program("setpriv", System.getenv().getOrDefault("PATH", ""))
                .ifPresent(setpriv -> command.addAll(List.of(setpriv.toString(), "--pdeathsig", "KILL")));
        command.addAll(List.of(server.toString(), "--bind", at.getAddress().getHostAddress(), "--port", Integer.toString(at.getPort()),
                "--save", "", "--appendonly", "no", "--dir", directory.toString(), "--daemonize", "no",
                "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0"));
        command.addAll(more);
        return new BoardProcess(command, directory, directory.resolve(name + ".log"));
    }

    /** Starts both and waits until the replica acknowledges. @return the server's version */
    public String start() throws IOException, InterruptedException {
        for (BoardProcess process : processes) {
            process.start();
        }
        await(primary, "replication", info -> info.contains("state=online"));
        await(replica, "replication", info -> info.contains("master_link_status:up"));
        String info = await(primary, "server", text -> text.contains("redis_version:"));
        return info.lines().filter(line -> line.startsWith("redis_version:")).findFirst().orElseThrow().substring("redis_version:".length());
    }

    private String await(InetSocketAddress at, String section, Predicate<String> condition) throws IOException, InterruptedException {
        long sinceNs = System.nanoTime();
        while (System.nanoTime() - sinceNs < PATIENCE_NS && processes.stream().allMatch(BoardProcess::running)) {
            try (RespClient client = new RespClient(at, SMALL_BYTES)) {
                client.add(ascii("INFO"), ascii(section)).flush();
                String info = client.text();
                if (condition.test(info)) {
                    return info;
                }
            } catch (IOException e) {
                Thread.yield(); // it does not listen yet, or is loading
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
        StringBuilder said = new StringBuilder("a Redis primary with a replica did not come up");
        processes.forEach(process -> process.logTail(LOG_LINES).forEach(line -> said.append(System.lineSeparator()).append("  ").append(line)));
        throw new IOException(said.toString());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Where clients connect. */
    public InetSocketAddress primary() {
        return primary;
    }

    @Override
    public void close() {
        for (BoardProcess process : processes) {
            try {
                process.retire();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
