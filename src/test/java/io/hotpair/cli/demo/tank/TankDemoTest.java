package io.hotpair.cli.demo.tank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.lab.BoardView;
import io.hotpair.lab.CountersView;
import io.hotpair.lab.NodeKit;
import io.hotpair.lab.RealNodeKit;
import io.hotpair.lab.WireSwitch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The demonstration with real nodes. */
@Tag("slow")
class TankDemoTest {
    private static final long REST_NS = 500_000_000;

    @Test
    void theTankIsHeldWhileTheBoardsChange() throws Exception {
        TankDemo.Result result = new TankDemo(new RealNodeKit(), 2, 1, (what, view) -> { }, REST_NS).run();

        assertEquals(List.of(), result.broken());
        assertEquals(2, result.gapsMs().size());
        assertTrue(result.end().commands() > 0);
        assertTrue(result.end().largestDeviationM() > 0);
    }

    @Test
    void aTankThatNobodyHoldsIsTold() throws Exception {
        Viewed kit = new Viewed();
        String[] stopped = {""};
        TankDemo.Result result = new TankDemo(kit, 1, 1, (what, view) -> {
            Matcher whole = Pattern.compile("board . leads, board (.) is in step").matcher(what);
            if (stopped[0].isEmpty() && whole.lookingAt()) { // either may lead: on a busy machine the role has moved by then
                stopped[0] = whole.group(1);
                kit.stop(stopped[0].equals("A") ? 0 : 1);
            }
        }, REST_NS).run();

        assertFalse(result.kept());
        assertTrue(result.broken().getFirst().startsWith("no command of board " + stopped[0]), result.broken().toString());
    }

    /** Lets a test stop a board. */
    private static final class Viewed implements NodeKit {
        private final RealNodeKit real = new RealNodeKit();
        private Path run;

        void stop(int boardId) {
            try (CountersView view = (CountersView) real.view(boardId, run)) {
                view.refresh();
                assertEquals(0, new ProcessBuilder("kill", "-STOP", Long.toString(view.pid())).inheritIO().start().waitFor());
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public List<String> command(int boardId, Path config) {
            return real.command(boardId, config);
        }

        @Override
        public void writeKey(Path file) throws IOException {
            real.writeKey(file);
        }

        @Override
        public WireSwitch createWire(Path file) throws IOException {
            return real.createWire(file);
        }

        @Override
        public BoardView view(int boardId, Path runDirectory) {
            run = runDirectory;
            return real.view(boardId, runDirectory);
        }

        @Override
        public Runnable threadSetup() {
            return real.threadSetup();
        }

        @Override
        public void favourProgram() {
            real.favourProgram();
        }
    }
}
