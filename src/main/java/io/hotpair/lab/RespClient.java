package io.hotpair.lab;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A connection to a Redis server, as much of it as a measurement needs: commands are gathered, sent together, and answered in order (RESP2,
 * redis.io/docs/reference/protocol-spec). One thread; it blocks.
 */
final class RespClient implements AutoCloseable {
    private static final int READ_BYTES = 64 << 10;
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] OK = {'+', 'O', 'K', '\r', '\n'};

    private final SocketChannel channel;
    private final ByteBuffer out;
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES).limit(0);

    /** @param gatherBytes room for the commands that are sent together */
    RespClient(InetSocketAddress server, int gatherBytes) throws IOException {
        out = ByteBuffer.allocateDirect(gatherBytes);
        channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** Gathers a command. */
    RespClient add(byte[]... words) {
        number('*', words.length);
        for (byte[] word : words) {
            number('$', word.length);
            out.put(word).put(CRLF);
        }
        return this;
    }

    private void number(char kind, int value) {
        out.put((byte) kind);
        if (value >= 10) {
            digits(value / 10);
        }
        out.put((byte) ('0' + value % 10)).put(CRLF);
    }

    private void digits(int value) {
        if (value >= 10) {
            digits(value / 10);
        }
        out.put((byte) ('0' + value % 10));
    }

    /** Sends what was gathered. */
    void flush() throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
        out.clear();
    }

    /** Takes the answer to a command that says OK. */
    void ok() throws IOException {
        for (byte expected : OK) {
            byte b = next();
            if (b != expected) {
                throw new IOException("Redis answered " + (char) b + line(next()) + " instead of OK");
            }
        }
    }

    /** Takes a number for an answer. */
    long number() throws IOException {
        byte kind = next();
        if (kind != ':') {
            throw new IOException("Redis answered " + (char) kind + line(next()) + " instead of a number");
        }
        byte b = next();
        boolean negative = b == '-';
        long value = 0;
        for (b = negative ? next() : b; b != '\r'; b = next()) {
            if (b < '0' || b > '9') {
                throw new IOException("Redis wrote '" + (char) b + "' into a number");
            }
            value = 10 * value + b - '0';
        }
        lineFeed();
        return negative ? -value : value;
    }

    /** Takes a text for an answer. */
    String text() throws IOException {
        byte kind = next();
        String rest = line(next());
        if (kind != '$' || rest.equals("-1")) {
            throw new IOException("Redis answered " + (char) kind + rest + " instead of a text");
        }
        byte[] bytes = new byte[Integer.parseInt(rest)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = next();
        }
        line(next()); // empty
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The rest of a line of which the first byte was read. */
    private String line(byte first) throws IOException {
        StringBuilder line = new StringBuilder();
        for (byte b = first; b != '\r'; b = next()) {
            line.append((char) b);
        }
        lineFeed();
        return line.toString();
    }

    private void lineFeed() throws IOException {
        if (next() != '\n') {
            throw new IOException("Redis ended a line otherwise than by CR LF");
        }
    }

    private byte next() throws IOException {
        while (!in.hasRemaining()) {
            in.clear();
            int count = channel.read(in);
            in.flip();
            if (count < 0) {
                throw new EOFException("Redis has closed the connection");
            }
        }
        return in.get();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
