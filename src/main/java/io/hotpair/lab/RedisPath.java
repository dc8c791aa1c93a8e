package io.hotpair.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A primary and a replica: inputs that are sent at once are so many {@code SET} and one {@code WAIT 1} behind them, in one write over one connection.
 * When that is answered the replica has acknowledged them all. A connection answers nothing else meanwhile, so what is sent next takes the next one.
 */
final class RedisPath implements CommitPath {
    private static final int KEYS = 1024;
    private static final int COMMAND_BYTES = 64;
    private static final String WAIT_MS = "2000";

    private final List<RespClient> connections = new ArrayList<>();
    private final long[] firstOf;
    private final int[] countOf;
    private final byte[][] keys = new byte[KEYS][];
    private final byte[] set = ascii("SET");
    private final byte[][] await = {ascii("WAIT"), ascii("1"), ascii(WAIT_MS)};
    private byte[] value = {};
    private long sent;
    private long heard;

    /** @param connections as many as there are times that something is sent before the first of it is answered */
    RedisPath(InetSocketAddress primary, int connections) throws IOException {
        firstOf = new long[connections];
        countOf = new int[connections];
        for (int i = 0; i < KEYS; i++) {
            keys[i] = ascii("input:" + i);
        }
        int inputs = connections == 1 ? BURST : Math.max(1, BURST / connections);
        try {
            for (int i = 0; i < connections; i++) {
                this.connections.add(new RespClient(primary, (inputs + 1) * (COMMAND_BYTES + PAYLOAD_MAX_BYTES)));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void send(long first, int count, int payloadBytes) throws IOException {
        if (value.length != payloadBytes) {
            value = new byte[payloadBytes];
        }
        int index = (int) (sent++ % connections.size());
        RespClient connection = connections.get(index);
        firstOf[index] = first;
        countOf[index] = count;
        for (int i = 0; i < count; i++) {
            for (int b = 0; b < Long.BYTES; b++) {
                value[b] = (byte) (first + i >>> Byte.SIZE * b);
            }
            connection.add(set, keys[(int) ((first + i) % KEYS)], value);
        }
        connection.add(await).flush();
    }

    @Override
    public void receive(InFlight window) throws IOException {
        int index = (int) (heard++ % connections.size());
        RespClient connection = connections.get(index);
        for (int i = 0; i < countOf[index]; i++) {
            connection.ok();
        }
        if (connection.number() < 1) {
            throw new IOException("the Redis replica did not acknowledge within " + WAIT_MS + " ms");
        }
        long nowNs = System.nanoTime();
        for (int i = 0; i < countOf[index]; i++) {
            window.committed(firstOf[index] + i, nowNs);
        }
    }

    @Override
    public void close() throws IOException {
        for (RespClient connection : connections) {
            connection.close();
        }
    }
}
