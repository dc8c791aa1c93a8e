package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

final class CheckpointRespondersTest {
    private static final int PATIENCE_MS = 5_000;
    private static final int QUIET_MS = 100;

    @Test
    void aCheckpointOutOfReachIsSilentForOneBoardAndNotForTheOther() throws IOException {
        InetAddress local = InetAddress.getByAddress(new byte[] {127, 77, 2, 1});
        try (CheckpointResponders checkpoints = new CheckpointResponders(new InetAddress[] {local, local}, () -> { })) {
            assertTrue(answers(checkpoints, 0, 0, PATIENCE_MS));
            checkpoints.reachable(0, 0, false);
            assertFalse(answers(checkpoints, 0, 0, QUIET_MS));
            assertTrue(answers(checkpoints, 1, 0, PATIENCE_MS));
            assertTrue(answers(checkpoints, 0, 1, PATIENCE_MS));
            checkpoints.reachable(0, 0, true);
            assertTrue(answers(checkpoints, 0, 0, PATIENCE_MS));
        }
    }

    @Test
    void moreProbesThanTheBacklogAreAnswered() throws IOException {
        InetAddress local = InetAddress.getByAddress(new byte[] {127, 77, 2, 2});
        try (CheckpointResponders checkpoints = new CheckpointResponders(new InetAddress[] {local, local}, () -> { })) {
            for (int i = 0; i < 1_500; i++) {
                assertTrue(answers(checkpoints, 0, 0, PATIENCE_MS));
            }
        }
    }

    /** A refusal would be an answer of a kind, and ends the test with an error. */
    private static boolean answers(CheckpointResponders checkpoints, int board, int network, int timeoutMs) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(checkpoints.address(board, network), timeoutMs);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }
}
