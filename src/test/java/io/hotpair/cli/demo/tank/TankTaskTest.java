package io.hotpair.cli.demo.tank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hotpair.sync.port.TaskPort;
import io.hotpair.task.host.HostSettings;
import io.hotpair.task.host.InProcessTask;
import io.hotpair.task.host.TaskNames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Controller and plant in virtual time. */
class TankTaskTest {
    private static final TaskNames NAMES = new TaskNames(List.of("level"), List.of("valve"), Map.of("set-point", "0.5"));
    private static final int STEPS = 5000;
    private static final int DISTURBED_AT = 2000;
    private static final double DISTURBANCE_LITRES = 0.3;

    private final byte[] input = new byte[8];
    private final byte[] output = new byte[8];

    private InProcessTask task() {
        return new InProcessTask(TankTask::new, NAMES, new HostSettings());
    }

    private void offer(TaskPort port, double level, long timeNs) {
        ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN).putDouble(0, level);
        assertTrue(port.offer(port.executedIndex() + 1, TaskPort.INPUT, 0, timeNs, input, 0, 8));
    }

    private void apply(TaskPort port, TankPlant plant) {
        while (port.outputWaits()) {
            port.copyOutput(output, 0);
            port.takeOutput();
            plant.command(ByteBuffer.wrap(output).order(ByteOrder.LITTLE_ENDIAN).getDouble(0));
        }
    }

    /** Largest deviation from the set point, metres, with a gap of so many milliseconds in which inputs wait, as they do for a new primary. */
    private double largestDeviationM(int gapAtMs, int gapMs) {
        TankPlant plant = new TankPlant(1);
        double largestM = 0;
        try (InProcessTask task = task()) {
            ArrayDeque<Double> waiting = new ArrayDeque<>();
            for (int ms = 0; ms < STEPS; ms++) {
                if (ms == DISTURBED_AT) {
                    plant.disturb(DISTURBANCE_LITRES);
                }
                if (ms % 10 == 0) {
                    waiting.add(plant.sensorM());
                }
                boolean gap = ms >= gapAtMs && ms < gapAtMs + gapMs;
                while (!gap && !waiting.isEmpty()) {
                    offer(task, waiting.poll(), ms * 1_000_000L);
                }
                apply(task, plant);
                plant.step();
                largestM = Math.max(largestM, Math.abs(plant.levelM() - TankPlant.REST_M));
            }
            assertEquals(TankPlant.REST_M, plant.levelM(), 0.002, "the level is back where it belongs");
        }
        return largestM;
    }

    /** The same for a gap at the worst moment around a disturbance. */
    private double worstDeviationM(int gapMs) {
        double worstM = 0;
        for (int atMs = DISTURBED_AT - 50; atMs < DISTURBED_AT + 200; atMs += 5) {
            worstM = Math.max(worstM, largestDeviationM(atMs, gapMs));
        }
        return worstM;
    }

    @Test
    void aTakeoverGapCostsLittleAndALongOneMore() {
        double without = largestDeviationM(0, 0);
        double gap5 = worstDeviationM(5);
        double gap50 = worstDeviationM(50);
        System.out.printf("tank: largest deviation %.2f mm without a takeover, %.2f mm with a gap of 5 ms at the worst moment, %.2f mm with 50 ms%n",
                without * 1e3, gap5 * 1e3, gap50 * 1e3);
        assertEquals(0.00210, without, 0.00002, "the controller works, and the disturbance is one");
        assertTrue(gap5 >= without - 1e-6 && gap5 < without + 0.0005, "5 ms: " + gap5 + " beside " + without);
        assertTrue(gap50 > gap5 + 0.0001 && gap50 < without + 0.0016, "50 ms: " + gap50 + " beside " + without);
        assertEquals(gap50, worstDeviationM(50), "virtual time: the same each time");
    }

    @Test
    void withoutAControllerTheTankRunsOver() {
        TankPlant plant = new TankPlant(1);
        plant.disturb(DISTURBANCE_LITRES);
        for (int ms = 0; ms < 60_000; ms++) {
            plant.step();
        }
        assertTrue(plant.levelM() > 0.99, "so it is the controller's doing when it does not: " + plant.levelM());
    }

    @Test
    void itsStateGoesOnOnTheOtherBoard() {
        TankPlant plant = new TankPlant(3);
        plant.disturb(0.2);
        byte[] state = new byte[16];
        try (InProcessTask one = task(); InProcessTask two = task()) {
            for (int ms = 0; ms < 1000; ms += 10) {
                offer(one, plant.sensorM(), ms);
                apply(one, plant);
                for (int i = 0; i < 10; i++) {
                    plant.step();
                }
            }
            one.requestSnapshot();
            assertEquals(16, one.snapshotLengthBytes());
            one.copySnapshot(0, state, 0, 16);
            two.beginLoad(16);
            two.load(state, 0, 16);
            two.endLoad(one.snapshotIndex(), one.snapshotDigest());
            for (int i = 0; i < 100; i++) {
                double level = plant.sensorM();
                offer(one, level, 2000 + i);
                offer(two, level, 2000 + i);
                assertEquals(one.digest(), two.digest());
            }
        }
    }
}
