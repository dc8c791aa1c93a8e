package io.hotpair.cli.demo.tank;

import io.hotpair.task.Context;
import io.hotpair.task.Setup;
import io.hotpair.task.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Holds the level of a tank: each sensor value (f64, metres, 100 a second) is answered by an opening of the outlet valve (f64, 0 to 1). A PID
 * controller, whose whole state is two numbers. No word of redundancy: the pair sees to it that both boards compute the same.
 */
public final class TankTask implements Task {
    private static final double PROPORTIONAL = 120;
    private static final double INTEGRAL = 200;
    private static final double DERIVATIVE = 1.5;
    private static final double PERIOD_S = 0.01;
    private static final double OPEN_AT_REST = 0.5;

    private final ByteBuffer command = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int valve;
    private double setPoint;
    private double sum;
    private double previous;

    @Override
    public void start(Setup setup) {
        valve = setup.output("valve");
        setPoint = Double.parseDouble(setup.setting("set-point", "0.5"));
    }

    @Override
    public void onInput(int port, ByteBuffer sensor, Context context) {
        double error = sensor.getDouble(0) - setPoint;
        double raw = OPEN_AT_REST + PROPORTIONAL * error + INTEGRAL * sum + DERIVATIVE * (error - previous) / PERIOD_S;
        double opening = Math.clamp(raw, 0.0, 1.0);
        if (raw == opening) {
            sum += error * PERIOD_S; // not while the valve is at its stop
        }
        previous = error;
        context.send(valve, command.putDouble(0, opening));
    }

    @Override
    public void save(ByteBuffer state) {
        state.putDouble(sum).putDouble(previous);
    }

    @Override
    public void load(ByteBuffer state) {
        sum = state.getDouble();
        previous = state.getDouble();
    }
}
