package io.hotpair.lab;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/**
 * Loopback addresses of a pair: a random 127.x.y network for each rig, so that several can run at once.
 *
 * <pre>
 * 127.x.y.(1 + 64n)   board A on network n       127.x.y.(2 + 64n)   board B on network n
 * 127.x.y.(11 + 64n)  stands in for A            127.x.y.(12 + 64n)  stands in for B
 * 127.x.y.(21 + 64n)  checkpoint of network n    127.x.y.254         plant
 * </pre>
 */
final class RigAddresses {
    private static final int NETWORK_STRIDE = 64;
    private static final int STAND_IN = 11;
    private static final int CHECKPOINT = 21;
    private static final int PLANT = 254;

    private final byte second;
    private final byte third;

    RigAddresses(RandomGenerator random) {
        // 127.0 is where everything else on the machine lives.
        second = (byte) random.nextInt(1, 255);
        third = (byte) random.nextInt(0, 256);
    }

    InetAddress board(int boardId, int network) throws IOException {
        return address(1 + boardId + network * NETWORK_STRIDE);
    }

    InetAddress standInFor(int boardId, int network) throws IOException {
        return address(STAND_IN + boardId + network * NETWORK_STRIDE);
    }

    InetAddress checkpoint(int network) throws IOException {
        return address(CHECKPOINT + network * NETWORK_STRIDE);
    }

    InetAddress plant() throws IOException {
        return address(PLANT);
    }

    private InetAddress address(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, second, third, (byte) last});
    }

    /** A UDP port of the address that was free a moment ago; nobody else is expected on these addresses. */
    static InetSocketAddress freeUdp(InetAddress address) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, 0))) {
            return new InetSocketAddress(address, socket.getLocalPort());
        }
    }

    /** A TCP port of the address that was free a moment ago. */
    static InetSocketAddress freeTcp(InetAddress address) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, address)) {
            return new InetSocketAddress(address, socket.getLocalPort());
        }
    }

    /** As a configuration writes it: {@code address:port}. */
    static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
