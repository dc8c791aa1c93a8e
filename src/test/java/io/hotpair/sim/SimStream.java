package io.hotpair.sim;

import io.hotpair.sync.port.StreamPort;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * The connections of one group over both networks, in the manner of TCP: in order and whole until one breaks; a cut wire holds everything up, a long
 * one breaks it, and what is under way then is lost.
 */
final class SimStream {
    private static final long LOOK_NS = 1_000_000;
    private final World world;
    private final SimRandom random;
    private final int roomBytes;
    private final Line[] lines = {new Line(0), new Line(1)};
    /** By network: this much later than the other. */
    final long[] extraDelayNs = new long[2];
    /** One board refuses the other's connections, as one of another configuration or version does. */
    boolean refused;
    private long connections;

    private record Message(long atNs, long connection, byte[] bytes) { }

    /** One direction. */
    private static final class Way {
        final ArrayDeque<Message> flying = new ArrayDeque<>();
        final ArrayDeque<Message> arrived = new ArrayDeque<>();
        int bytes;
        long lastNs;
    }

    private static final class Line {
        final int network;
        final Way[] from = {new Way(), new Way()};
        long connection;
        long[] told = new long[2];
        long stalledNs;
        long breakAfterNs = 40_000_000;
        long connectNs = -1;

        Line(int network) {
            this.network = network;
        }
    }

    SimStream(World world, SimRandom random, int roomBytes) {
        this.world = world;
        this.random = random;
        this.roomBytes = roomBytes;
    }

    StreamPort port(int board) {
        return new StreamPort() {
            @Override
            public boolean offer(int network, byte[] buffer, int offset, int lengthBytes) {
                return send(lines[network], board, buffer, offset, lengthBytes);
            }

            @Override
            public long connection(int network) {
                Line line = lines[network];
                Way in = line.from[1 - board];
                line.told[board] = in.arrived.isEmpty() ? line.connection : in.arrived.peek().connection;
                return line.told[board];
            }
        };
    }

    private boolean send(Line line, int board, byte[] buffer, int offset, int length) {
        Way way = line.from[board];
        if (line.connection == 0 || line.told[board] != line.connection || way.bytes + length > roomBytes) {
            return false;
        }
        long nowNs = world.nowNs();
        Net net = world.net();
        long delayNs = net.delayNs[line.network] + random.below((int) net.jitterNs[line.network] + 1) + net.extraDelayNs[line.network][board]
                + extraDelayNs[line.network] + length * 8L; // a network of 1 Gbit/s
        way.lastNs = Math.max(way.lastNs, nowNs + delayNs);
        way.flying.add(new Message(way.lastNs, line.connection, Arrays.copyOfRange(buffer, offset, offset + length)));
        way.bytes += length;
        world.setData(way.lastNs);
        return true;
    }

    /** The next message for a board over a network, or null. It stays until {@link #taken}. */
    byte[] next(int board, int network) {
        Message message = lines[network].from[1 - board].arrived.peek();
        return message == null ? null : message.bytes;
    }

    void taken(int board, int network) {
        Way way = lines[network].from[1 - board];
        way.bytes -= way.arrived.poll().bytes.length;
    }

    /** Delivers what is due; returns when the next is. */
    long doWork() {
        long nextNs = Long.MAX_VALUE;
        long nowNs = world.nowNs();
        for (Line line : lines) {
            for (int sender = 0; sender < 2; sender++) {
                Way way = line.from[sender];
                boolean passes = world.net().passes(line.network, sender);
                boolean any = false;
                while (!way.flying.isEmpty() && way.flying.peek().atNs <= nowNs && passes) {
                    way.arrived.add(way.flying.poll());
                    any = true;
                }
                if (any && !world.board(1 - sender).replica.stalls(nowNs)) {
                    world.board(1 - sender).wake();
                }
                if (!way.flying.isEmpty()) {
                    nextNs = Math.min(nextNs, Math.max(way.flying.peek().atNs, passes ? 0 : nowNs + LOOK_NS));
                }
            }
        }
        return nextNs;
    }

    /** Looks after connections; called every half interval. */
    void onTick() {
        long nowNs = world.nowNs();
        for (Line line : lines) {
            boolean passes = world.net().passes(line.network, 0) && world.net().passes(line.network, 1);
            boolean both = world.board(0).node != null && world.board(1).node != null;
            if (refused) {
                breakUp(line);
                line.connectNs = -1;
            } else if (line.connection != 0) {
                line.stalledNs = passes && both ? nowNs : line.stalledNs;
                if (nowNs - line.stalledNs > line.breakAfterNs) {
                    breakUp(line);
                }
            } else if (passes && world.board(0).running() && world.board(1).running()) {
                line.connectNs = line.connectNs < 0 ? nowNs + random.logBetween(100_000, 20_000_000) : line.connectNs;
                if (nowNs >= line.connectNs) {
                    connect(line);
                }
            } else {
                line.connectNs = -1;
            }
        }
    }

    private void connect(Line line) {
        line.connection = ++connections;
        line.stalledNs = world.nowNs();
        line.breakAfterNs = random.logBetween(2_000_000, 80_000_000);
        line.connectNs = -1;
        for (int board = 0; board < 2; board++) {
            line.from[board].lastNs = 0;
            world.board(board).wake();
        }
    }

    /** A connection breaks, in the middle of a record as likely as not. */
    void breakUp(int network) {
        breakUp(lines[network]);
    }

    private void breakUp(Line line) {
        line.connection = 0;
        for (Way way : line.from) {
            way.flying.clear();
            if (random.oneIn(2)) {
                way.arrived.clear(); // else what arrived is still read
            }
            way.bytes = way.arrived.stream().mapToInt(m -> m.bytes.length).sum();
        }
    }

    /** A process is gone; what it had sent may still be read. */
    void onProcessEnd(int board) {
        for (Line line : lines) {
            breakUp(line);
            line.from[1 - board].arrived.clear();
            line.from[1 - board].bytes = 0;
        }
    }

    /** Nothing of an earlier boot is delivered from here on. */
    void onProcessStart(int board) {
        for (Line line : lines) {
            line.from[board].arrived.clear();
            line.from[board].bytes = 0;
        }
    }
}
