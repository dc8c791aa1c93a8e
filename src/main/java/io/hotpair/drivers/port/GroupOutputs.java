package io.hotpair.drivers.port;

import io.hotpair.sync.port.OutputPort;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/** The way out of one group: asks the gate, then the port's driver. The clock is read immediately before the gate is asked, for every output. */
public final class GroupOutputs implements OutputPort {
    private final LongPredicate gate;
    private final LongSupplier clock;
    private final LongSupplier term;
    private final OutputDriver[] drivers;
    private boolean open;

    /**
     * @param gate whether the group's gate is open at a monotonic time, ns
     * @param clock monotonic, ns
     * @param term of the present reign
     * @param drivers by port number
     */
    public GroupOutputs(LongPredicate gate, LongSupplier clock, LongSupplier term, List<? extends OutputDriver> drivers) {
        this.gate = gate;
        this.clock = clock;
        this.term = term;
        this.drivers = drivers.toArray(new OutputDriver[0]);
    }

    @Override
    public boolean replays(int port) {
        return drivers[port].replays();
    }

    @Override
    public int emit(int port, long number, boolean repetition, byte[] buffer, int offset, int lengthBytes) {
        long nowNs = clock.getAsLong();
        if (!look(nowNs)) {
            return GATE_SHUT;
        }
        return drivers[port].emit(number, term.getAsLong(), repetition, buffer, offset, lengthBytes);
    }

    /** Once a cycle: outputs that are held are let go when the gate shuts or their time is over. Returns when that is due next. */
    public long doWork(long nowNs) {
        look(nowNs);
        long nextNs = Long.MAX_VALUE;
        for (OutputDriver driver : drivers) {
            long dueNs = driver.doWork(nowNs);
            if (dueNs != Long.MAX_VALUE && (nextNs == Long.MAX_VALUE || dueNs - nextNs < 0)) {
                nextNs = dueNs;
            }
        }
        return nextNs;
    }

    private boolean look(long nowNs) {
        boolean nowOpen = gate.test(nowNs);
        if (nowOpen != open) {
            open = nowOpen;
            for (OutputDriver driver : drivers) {
                driver.onGate(open, nowNs);
            }
        }
        return open;
    }
}
