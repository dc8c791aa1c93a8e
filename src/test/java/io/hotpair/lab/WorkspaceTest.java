package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.node.status.ProcessMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkspaceTest {
    /** Process ids end at 4,194,304. */
    private static final long NOBODY = 4_194_305;

    @TempDir
    Path temporary;
    @TempDir
    Path shared;

    private static List<String> in(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static Path made(Path parent, String name) throws IOException {
        Path folder = Files.createDirectory(parent.resolve(name));
        Files.writeString(Files.createDirectory(folder.resolve("state")).resolve("terms"), "12");
        return folder;
    }

    @Test
    void nothingIsLeft() throws IOException {
        try (Workspace workspace = new Workspace(temporary, shared)) {
            Files.createFile(workspace.directory().resolve("a"));
            Files.createFile(workspace.run().resolve("b"));
        }
        assertEquals(List.of(), in(temporary));
        assertEquals(List.of(), in(shared));
    }

    @Test
    void aFolderThatIsStillWrittenToIsRemovedWhenThatHasEnded() throws Exception {
        Workspace workspace = new Workspace(temporary, shared);
        Path nested = Files.createDirectory(workspace.run().resolve("a"));
        Thread writer = Thread.ofPlatform().start(() -> {
            long sinceNs = System.nanoTime();
            try {
                for (int i = 0; System.nanoTime() - sinceNs < 200_000_000; i++) {
                    Files.createFile(nested.resolve(Integer.toString(i)));
                }
            } catch (IOException e) {
                // the folder is gone
            }
        });
        while (writer.isAlive() && in(nested).size() < 100) {
            Thread.onSpinWait();
        }
        workspace.close();
        writer.join();
        assertEquals(List.of(), in(temporary));
        assertEquals(List.of(), in(shared));
    }

    @Test
    void withoutSharedMemoryEverythingIsInOnePlace() throws IOException {
        try (Workspace workspace = new Workspace(temporary, temporary.resolve("none"))) {
            assertTrue(workspace.run().startsWith(workspace.directory()));
        }
        assertEquals(List.of(), in(temporary));
    }

    @Test
    void whatADeadRunLeftIsRemovedByTheNext() throws IOException {
        made(temporary, "hotpair-demo-" + NOBODY + "-17-1");
        made(shared, "hotpair-demo-" + NOBODY + "-17-2");
        ProcessMark own = ProcessMark.current();
        made(shared, "hotpair-demo-" + own.pid() + '-' + (own.startTicks() + 1) + "-3"); // an earlier process with this id
        new Workspace(temporary, shared).close();
        assertEquals(List.of(), in(temporary));
        assertEquals(List.of(), in(shared));
    }

    @Test
    void whatIsAliveKeptOrNotOfADemonstrationStays() throws IOException {
        String another = "hotpair-demo-mine";
        String kept = "hotpair-demo-" + NOBODY + "-17-4";
        Path outside = made(shared, "outside");
        made(temporary, another);
        Files.createFile(made(temporary, kept).resolve("kept"));
        Files.createSymbolicLink(temporary.resolve("hotpair-demo-" + NOBODY + "-17-5"), outside);
        try (Workspace alive = new Workspace(temporary, shared)) {
            new Workspace(temporary, shared).close();
            assertTrue(Files.isDirectory(alive.directory()) && Files.isDirectory(alive.run()));
        }
        assertEquals(List.of(kept, "hotpair-demo-" + NOBODY + "-17-5", another), in(temporary));
        assertTrue(Files.exists(outside.resolve("state").resolve("terms")), "a link is not followed");
    }

    @Test
    void keptIsKept() throws IOException {
        Workspace workspace = new Workspace(temporary, shared);
        workspace.keep();
        workspace.close();
        assertTrue(Files.exists(workspace.directory()) && Files.exists(workspace.run()));
        assertFalse(in(workspace.run()).isEmpty(), "so that no later run takes it for a leftover");
    }
}
