package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the client writes and how it reads, byte for byte; the other side is this test. */
class RespClientTest {
    private ServerSocket listener;
    private RespClient client;
    private Socket server;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        client = new RespClient(new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()), 4096);
        server = listener.accept();
        server.setTcpNoDelay(true);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        listener.close();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void answer(String text) throws IOException {
        server.getOutputStream().write(ascii(text));
    }

    @Test
    void commandsLeaveTogetherAndInOrder() throws IOException {
        client.add(ascii("SET"), ascii("key"), new byte[123]).add(ascii("WAIT"), ascii("1"), ascii("2000")).flush();

        String expected = "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$123\r\n" + "\0".repeat(123) + "\r\n*3\r\n$4\r\nWAIT\r\n$1\r\n1\r\n$4\r\n2000\r\n";
        assertEquals(expected, new String(server.getInputStream().readNBytes(expected.length()), StandardCharsets.US_ASCII));
        assertEquals(0, server.getInputStream().available());
    }

    @Test
    void answersAreReadOneAfterTheOther() throws IOException {
        answer("+OK\r\n+OK\r\n:1\r\n:-12\r\n:9007199254740993\r\n$5\r\na\r\nbc\r\n$0\r\n\r\n:7\r\n");

        client.ok();
        client.ok();
        assertEquals(1, client.number());
        assertEquals(-12, client.number());
        assertEquals(9_007_199_254_740_993L, client.number());
        assertEquals("a\r\nbc", client.text());
        assertEquals("", client.text());
        assertEquals(7, client.number());
    }

    @Test
    void anAnswerMayComeByteByByte() throws Exception {
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                for (byte one : ascii("+OK\r\n$3\r\nxyz\r\n:42\r\n")) {
                    server.getOutputStream().write(one);
                    server.getOutputStream().flush();
                    Thread.yield();
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });

        client.ok();
        assertEquals("xyz", client.text());
        assertEquals(42, client.number());
        writer.join();
    }

    @Test
    void whatTheServerComplainsOfIsSaid() throws IOException {
        answer("-NOREPLICAS Not enough good replicas\r\n-ERR no\r\n-LOADING it\r\n+OK\r\n");

        assertEquals("Redis answered -NOREPLICAS Not enough good replicas instead of OK", assertThrows(IOException.class, client::ok).getMessage());
        assertEquals("Redis answered -ERR no instead of a number", assertThrows(IOException.class, client::number).getMessage());
        assertEquals("Redis answered -LOADING it instead of a text", assertThrows(IOException.class, client::text).getMessage());
        client.ok(); // the next answer is read from its beginning
    }

    @Test
    void whatIsNoAnswerIsRefused() throws IOException {
        answer(":1x\r\n");
        assertThrows(IOException.class, client::number);
    }

    @Test
    void aTextThatIsNotThereIsRefused() throws IOException {
        answer("$-1\r\n");
        assertThrows(IOException.class, client::text);
    }

    @Test
    void anEndInTheMiddleIsNoAnswer() throws IOException {
        answer("+O");
        server.close();
        assertThrows(EOFException.class, client::ok);
    }
}
