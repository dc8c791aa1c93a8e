package io.hotpair.cli.demo.tank;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The tank in real time: sends sensor values to both boards, 100 a second, takes valve commands from either and applies the newest. The inflow
 * changes every
 * {@link #DISTURB_EVERY_S} seconds. It knows nothing of who leads but what the commands say.
 */
public final class TankSimulator implements AutoCloseable {
    /** Seconds between changes of the inflow. */
    public static final int DISTURB_EVERY_S = 4;
    /** Sensor values a second. */
    public static final int RATE = 100;
    /** Changes of the inflow, litres a second, one after the other. */
    private static final double[] DISTURBANCES = {0.2, -0.15, 0, 0.25, -0.2, 0};
    private static final long STEP_NS = 1_000_000;
    private static final int STEPS_PER_SAMPLE = 1000 / RATE;
    private static final int HISTORY = 60 * RATE;

    /**
     * What the tank has seen so far.
     *
     * @param levelM levels, metres, 100 a second, the newest last; at most a minute
     * @param board board that the valve obeys, 0 or 1, -1 before the first command
     * @param commands applied
     * @param repeated commands that were not newer than one applied before
     * @param longestGapMs longest time without a new command since the first
     * @param largestDeviationM from the level at rest since the first command
     */
    public record View(double[] levelM, int board, long commands, long repeated, double longestGapMs, double largestDeviationM) {}

    private final DatagramChannel socket;
    private final List<InetSocketAddress> boards;
    private final TankPlant plant;
    private final TankWire sensor = new TankWire(ByteBuffer.allocateDirect(TankWire.SENSOR_BYTES));
    private final ByteBuffer received = ByteBuffer.allocateDirect(64);
    private final TankWire command = new TankWire(received);
    private final double[] history = new double[HISTORY];
    private final Thread thread;
    private volatile boolean closed;
    private long samples;
    private long steps;
    private int board = -1;
    private long commands;
    private long repeated;
    private long newestNumber;
    private long commandNs;
    private long longestGapNs;
    private double largestDeviationM;

    /**
     * Starts it.
     *
     * @param local where commands are received; port 0 for any
     * @param boards where each board receives the sensor
     */
    public TankSimulator(InetSocketAddress local, List<InetSocketAddress> boards, long seed) throws IOException {
        this.boards = List.copyOf(boards);
        plant = new TankPlant(seed);
        socket = DatagramChannel.open(StandardProtocolFamily.INET).bind(local);
        socket.configureBlocking(false);
        thread = Thread.ofPlatform().daemon().name("tank").start(this::run);
    }

    /** Where commands go. */
    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) socket.getLocalAddress();
    }

    private void run() {
        try {
            long nextNs = System.nanoTime();
            while (!closed) {
                receive();
                long nowNs = System.nanoTime();
                for (; nowNs - nextNs >= 0; nextNs += STEP_NS) {
                    step();
                }
                LockSupport.parkNanos(nextNs - System.nanoTime());
            }
        } catch (IOException e) {
            if (!closed) {
                throw new IllegalStateException("the tank failed", e);
            }
        }
    }

    private synchronized void step() {
        if (steps % (DISTURB_EVERY_S * 1000L) == 0) {
            plant.disturb(DISTURBANCES[(int) (steps / (DISTURB_EVERY_S * 1000L) % DISTURBANCES.length)]);
        }
        plant.step();
        largestDeviationM = commands == 0 ? 0 : Math.max(largestDeviationM, Math.abs(plant.levelM() - TankPlant.REST_M));
        if (steps++ % STEPS_PER_SAMPLE == 0) {
            history[(int) (samples++ % HISTORY)] = plant.levelM();
            send(sensor.sensor(samples, plant.sensorM()));
        }
    }

    private void send(ByteBuffer datagram) {
        for (InetSocketAddress to : boards) {
            try {
                datagram.rewind();
                socket.send(datagram, to);
            } catch (IOException boardIsAway) {
                // the other one, and the next value, are sent all the same
            }
        }
    }

    private synchronized void receive() throws IOException {
        received.clear();
        while (socket.receive(received) != null) {
            if (command.isCommand()) {
                apply(System.nanoTime());
            }
            received.clear();
        }
    }

    private void apply(long nowNs) {
        if (commands > 0 && command.number() <= newestNumber) {
            repeated++;
            return;
        }
        if (commands++ > 0) {
            longestGapNs = Math.max(longestGapNs, nowNs - commandNs);
        }
        commandNs = nowNs;
        newestNumber = command.number();
        board = command.board();
        plant.command(command.opening());
    }

    /** A copy of what it has seen. */
    public synchronized View view() {
        int count = (int) Math.min(samples, HISTORY);
        double[] levels = new double[count];
        for (int i = 0; i < count; i++) {
            levels[i] = history[(int) ((samples - count + i) % HISTORY)];
        }
        return new View(levels, board, commands, repeated, longestGapNs / 1e6, largestDeviationM);
    }

    /** Begins the two largest values anew, as after a start. */
    public synchronized void forgetExtremes() {
        longestGapNs = 0;
        largestDeviationM = 0;
    }

    /** Takes an earlier deviation into account again. */
    synchronized void remember(double deviationM) {
        largestDeviationM = Math.max(largestDeviationM, deviationM);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        socket.close();
        LockSupport.unpark(thread);
    }
}
