package io.hotpair.drivers.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** {@code struct sockaddr_in} and interface names as the kernel reads them. */
public final class SocketAddresses {
    /** {@code struct sockaddr_in}: u16 family, u16 port and u32 address in network order, 8 bytes of nothing. */
    public static final int INET_BYTES = 16;
    /** {@code IFNAMSIZ}: an interface name and its zero byte. */
    public static final int INTERFACE_NAME_BYTES = 16;
    private static final ValueLayout.OfShort NETWORK_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddresses() {
    }

    public static MemorySegment inet(Arena arena, Inet4Address address, int port) {
        MemorySegment result = arena.allocate(INET_BYTES, 8);
        result.set(ValueLayout.JAVA_SHORT, 0, (short) Libc.AF_INET);
        result.set(NETWORK_SHORT, 2, (short) port);
        MemorySegment.copy(address.getAddress(), 0, result, ValueLayout.JAVA_BYTE, 4, 4);
        return result;
    }

    /** Whether two {@code sockaddr_in} name the same address and port. */
    public static boolean same(MemorySegment a, MemorySegment b) {
        return a.get(ValueLayout.JAVA_SHORT, 2) == b.get(ValueLayout.JAVA_SHORT, 2)
                && a.get(ValueLayout.JAVA_INT, 4) == b.get(ValueLayout.JAVA_INT, 4);
    }

    /** The name with its zero byte, padded to {@link #INTERFACE_NAME_BYTES}. */
    public static MemorySegment interfaceName(Arena arena, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length == 0 || bytes.length >= INTERFACE_NAME_BYTES) {
            throw new IllegalArgumentException("\"" + name + "\" is no interface name: 1 to " + (INTERFACE_NAME_BYTES - 1) + " letters");
        }
        MemorySegment result = arena.allocate(INTERFACE_NAME_BYTES, 8);
        MemorySegment.copy(bytes, 0, result, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return result;
    }
}
