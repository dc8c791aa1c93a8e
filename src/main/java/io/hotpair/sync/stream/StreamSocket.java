package io.hotpair.sync.stream;

import io.hotpair.drivers.linux.Libc;
import io.hotpair.wire.Seal;
import java.lang.foreign.Arena;

/**
 * One connection of the stream, as it comes from the handshake: whoever holds it owns the socket.
 *
 * @param fd connected, does not block
 * @param number see {@link StreamService}
 * @param early what came right behind the handshake
 */
record StreamSocket(int fd, long number, Seal sendSeal, Seal receiveSeal, byte[] early) {
    private static final Libc LIBC = new Libc(Arena.global());

    int send(long address, int lengthBytes) {
        return LIBC.send(fd, address, lengthBytes, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
    }

    int receive(long address, int lengthBytes) {
        return LIBC.recv(fd, address, lengthBytes, Libc.MSG_DONTWAIT);
    }

    void close() {
        LIBC.close(fd);
    }
}
