package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisPairTest {
    @TempDir
    Path folder;

    @Test
    void isFoundWhereItCanBeRunOnly() throws IOException {
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        String searchPath = first + ":" + folder.resolve("nowhere") + "::" + second;
        assertEquals(Optional.empty(), RedisPair.find(searchPath));

        Files.writeString(first.resolve("redis-server"), "#!/bin/sh\n");
        assertEquals(Optional.empty(), RedisPair.find(searchPath));

        Path program = Files.createFile(second.resolve("redis-server"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        assertEquals(Optional.of(program), RedisPair.find(searchPath));
        assertEquals(Optional.empty(), RedisPair.find(""));
    }

    @Test
    void aServerThatEndsAtOnceIsNamedWithWhatItSaid() throws Exception {
        Path program = Files.writeString(folder.resolve("redis-server"), "#!/bin/sh\necho no such option\nexit 1\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (RedisPair redis = new RedisPair(program, folder)) {
            IOException e = assertThrows(IOException.class, redis::start);
            assertTrue(e.getMessage().contains("did not come up") && e.getMessage().contains("no such option"), e.getMessage());
        }
    }

    @Test
    void whatIsSetIsHeldByTheReplicaAndNothingStaysBehind() throws Exception {
        Optional<Path> server = RedisPair.find(System.getenv().getOrDefault("PATH", ""));
        assumeTrue(server.isPresent(), RedisPair.ABSENT);
        try (RedisPair redis = new RedisPair(server.get(), folder)) {
            assertFalse(redis.start().isEmpty());
            for (int connections : new int[] {1, 4}) {
                try (RedisPath path = new RedisPath(redis.primary(), connections)) {
                    InFlight window = new InFlight(64, 1);
                    for (int i = 0; i < connections; i++) {
                        long first = window.nextNumber();
                        window.sent(64 / connections, System.nanoTime());
                        path.send(first, 64 / connections, 1024);
                    }
                    for (int i = 0; i < connections; i++) {
                        path.receive(window);
                    }
                    assertEquals(64, window.committed());
                    assertEquals(0, window.out());
                }
            }
        }
        assertEquals(0, processesIn(folder));
    }

    private static long processesIn(Path folder) {
        return ProcessHandle.allProcesses().filter(process -> {
            try {
                return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd")).equals(folder);
            } catch (IOException e) {
                return false; // it has ended meanwhile, or is somebody else's
            }
        }).count();
    }
}
