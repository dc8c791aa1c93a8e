package io.hotpair.sync;

import io.hotpair.sync.port.StreamPort;

/** What one board sends over both networks, in memory taken at the start. */
final class Wire implements StreamPort {
    private static final int ROOM = 64;
    private final byte[][][] message = new byte[2][ROOM][MESSAGE_MAX_BYTES];
    private final int[][] length = new int[2][ROOM];
    private final int[] first = new int[2];
    private final int[] next = new int[2];
    private long connection = 1;

    /** The connections break, and are there again. */
    void connect() {
        connection++;
        first[0] = next[0];
        first[1] = next[1];
    }

    @Override
    public boolean offer(int network, byte[] buffer, int offset, int lengthBytes) {
        if (next[network] - first[network] == ROOM) {
            return false;
        }
        int slot = next[network]++ & ROOM - 1;
        System.arraycopy(buffer, offset, message[network][slot], 0, lengthBytes);
        length[network][slot] = lengthBytes;
        return true;
    }

    @Override
    public long connection(int network) {
        return connection;
    }

    /** Copies the next message that has come over a network; returns its length, 0 if there is none. */
    int take(int network, byte[] destination) {
        if (first[network] == next[network]) {
            return 0;
        }
        int slot = first[network]++ & ROOM - 1;
        System.arraycopy(message[network][slot], 0, destination, 0, length[network][slot]);
        return length[network][slot];
    }
}
