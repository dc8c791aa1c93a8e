package io.hotpair.drivers.checkpoint;

import io.hotpair.drivers.linux.Errno;
import io.hotpair.drivers.linux.Libc;
import io.hotpair.drivers.linux.SocketAddresses;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Sends probes of one kind and matches what comes back. Made at set-up, then used by the helper thread alone; allocates nothing there. */
abstract class Prober {
    /**
     * Probes kept in mind; the oldest makes room. At the fastest, one probe per heartbeat interval (1 ms), an answer may take 16 ms, an order
     * of magnitude more than the arbitration budget allows it.
     */
    static final int OUTSTANDING = 16;

    final Libc libc;
    final RemoteCheckpoint checkpoint;
    private final MemorySegment interfaceName; // null: any

    Prober(Libc libc, Arena arena, RemoteCheckpoint checkpoint, String interfaceName) {
        this.libc = libc;
        this.checkpoint = checkpoint;
        this.interfaceName = interfaceName == null ? null : SocketAddresses.interfaceName(arena, interfaceName);
    }

    /** Sends a probe stamped {@code probeNs}. */
    abstract void send(long probeNs);

    /** Looks at what is ready; whether a newer probe than any before was answered. */
    abstract boolean service();

    abstract void close();

    /**
     * Keeps a fresh socket to the network that is asked about: an answer by the other network would be a lie. Permitted to anybody for a
     * socket that is not bound yet (Linux 5.7); before that a missing right is passed over, and the routing table decides.
     */
    final boolean bindToInterface(int fd) {
        if (interfaceName == null) {
            return true;
        }
        int result = libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, interfaceName, SocketAddresses.INTERFACE_NAME_BYTES);
        return result == 0 || result == -Errno.EPERM;
    }
}
