package io.hotpair.cli.demo.tank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.drivers.port.UdpInput;
import io.hotpair.drivers.port.UdpOutput;
import io.hotpair.sync.port.TaskPort;
import io.hotpair.task.host.HostSettings;
import io.hotpair.task.host.InProcessTask;
import io.hotpair.task.host.TaskNames;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The whole chain over loopback: tank, input driver, task, output driver, tank. */
class TankSimulatorTest {
    private static final long PATIENCE_NS = 30_000_000_000L;

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }

    private static final class Board implements AutoCloseable {
        final UdpInput input = new UdpInput(loopback(0), null, true, UdpInput.SourceBy.ADDRESS);
        final InProcessTask task = new InProcessTask(TankTask::new, new TaskNames(List.of("level"), List.of("valve"), Map.of()), new HostSettings());
        UdpOutput output;
        private final byte[] buffer = new byte[1400];
        private long number;
        private long sequence;

        Board() throws IOException {
        }

        void work(boolean leads, long term) {
            for (int lengthBytes = input.receive(buffer, 0); lengthBytes >= 0; lengthBytes = input.receive(buffer, 0)) {
                assertEquals(sequence + 1, input.sequence());
                sequence = input.sequence();
                assertTrue(task.offer(sequence, TaskPort.INPUT, 0, input.arrivedNs(), buffer, 0, lengthBytes));
                while (task.outputWaits()) {
                    int outputBytes = task.copyOutput(buffer, 0);
                    task.takeOutput();
                    number++;
                    if (leads) {
                        output.emit(number, term, false, buffer, 0, outputBytes);
                    }
                }
            }
        }

        @Override
        public void close() {
            input.close();
            task.close();
            output.close();
        }
    }

    @Test
    void bothBoardsComputeOneCommandsAndTheNewestIsApplied() throws Exception {
        try (Board a = new Board(); Board b = new Board();
                TankSimulator tank = new TankSimulator(loopback(0), List.of(loopback(a.input.localPort()), loopback(b.input.localPort())), 9)) {
            a.output = new UdpOutput(loopback(0), tank.address(), null, true, true);
            b.output = new UdpOutput(loopback(0), tank.address(), null, true, true);
            long deadlineNs = System.nanoTime() + PATIENCE_NS;
            while (tank.view().commands() < 50) {
                a.work(true, 4);
                b.work(false, 0);
                assertTrue(System.nanoTime() - deadlineNs < 0, "commands arrive");
                LockSupport.parkNanos(500_000);
            }
            assertEquals(0, tank.view().board());
            a.output.emit(1, 4, false, new byte[8], 0, 8);
            while (tank.view().board() == 0) {
                b.work(true, 5);
                assertTrue(System.nanoTime() - deadlineNs < 0, "the other board commands");
                LockSupport.parkNanos(500_000);
            }
            TankSimulator.View view = tank.view();
            assertEquals(1, view.board());
            assertEquals(1, view.repeated(), "what is not newer is not applied");
            assertTrue(view.levelM().length >= 50 && view.longestGapMs() > 0);
        }
    }
}
