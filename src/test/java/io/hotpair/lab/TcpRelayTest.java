package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TcpRelayTest {
    private static final int PATIENCE_MS = 5_000;
    private static final int QUIET_MS = 100;

    private final BoardPower[] power = {new BoardPower(), new BoardPower()};
    private final PathFaults there = new PathFaults(power[0], power[1]);
    private InetAddress from;
    private ServerSocket peer;
    private TcpRelay relay;
    private Socket near;
    private Socket far;

    @BeforeEach
    void connect() throws IOException {
        InetAddress local = InetAddress.getByAddress(new byte[] {127, 77, 3, 1});
        from = InetAddress.getByAddress(new byte[] {127, 77, 3, 2});
        peer = new ServerSocket(0, 5, local);
        relay = new TcpRelay("test", local, from, (InetSocketAddress) peer.getLocalSocketAddress(), there,
                new PathFaults(power[1], power[0]));
        near = new Socket(relay.address().getAddress(), relay.address().getPort());
        far = peer.accept();
        near.setSoTimeout(PATIENCE_MS);
        far.setSoTimeout(PATIENCE_MS);
    }

    @AfterEach
    void disconnect() throws IOException {
        near.close();
        far.close();
        relay.close();
        peer.close();
    }

    @Test
    void bytesPassBothWaysAndTheEndIsTold() throws IOException {
        near.getOutputStream().write(1);
        assertEquals(1, far.getInputStream().read());
        far.getOutputStream().write(2);
        assertEquals(2, near.getInputStream().read());
        far.close();
        assertEquals(-1, near.getInputStream().read());
    }

    @Test
    void thePeerSeesTheBoardThatTheRelayStandsInFor() {
        assertEquals(from, far.getInetAddress());
    }

    @Test
    void bytesAreHeldDuringACutAndArriveAfterwards() throws IOException {
        there.cut(true);
        near.getOutputStream().write(1);
        far.setSoTimeout(QUIET_MS);
        assertThrows(SocketTimeoutException.class, () -> far.getInputStream().read());
        there.cut(false);
        far.setSoTimeout(PATIENCE_MS);
        assertEquals(1, far.getInputStream().read());
    }

    @Test
    void aBoardThatDiesInTheDarkSaysNothing() throws IOException {
        power[1].set(false);
        far.setSoLinger(true, 0);
        far.close();
        near.setSoTimeout(QUIET_MS);
        assertThrows(SocketTimeoutException.class, () -> near.getInputStream().read());
        near.setSoTimeout(PATIENCE_MS);
        relay.dropConnections();
        assertEquals(-1, near.getInputStream().read());
    }
}
