package io.hotpair.sync.stream;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Stands between the boards on one network, sees A's messages one by one, and does with them what the test says. */
final class MessageRelay implements AutoCloseable {
    static final int HELLO_BYTES = 32;
    static final int PROOF_BYTES = 160;

    /** What becomes of A's messages. */
    @FunctionalInterface
    interface Fate {
        /**
         * @param index of the message in its connection; 0 is the keep-alive that each connection begins with
         * @throws IOException ends the connection towards both sides
         */
        void pass(int index, byte[] message, OutputStream to) throws IOException, InterruptedException;
    }

    static final Fate UNCHANGED = (index, message, to) -> to.write(message);

    private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final InetSocketAddress target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    volatile Fate fate = UNCHANGED;
    /** While set, nothing passes and nothing is told, and new connections meet silence. */
    volatile boolean silent;
    /** While set, A gets its own messages back. */
    volatile boolean mirrored;
    /** While set, what A proves is kept. */
    volatile boolean proofsHeld;
    volatile int proofsWaiting;
    /** While set, what B says behind its hello is kept, to arrive all at once. */
    volatile boolean answersHeld;

    MessageRelay(InetSocketAddress target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private void accept() {
        try {
            for (;;) {
                Socket near = server.accept();
                open.add(near);
                Thread.ofVirtual().start(() -> serve(near));
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    private void serve(Socket near) {
        Socket far = new Socket();
        open.add(far);
        try {
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            far.connect(target);
            Thread.ofVirtual().start(() -> back(far, near));
            there(new DataInputStream(near.getInputStream()), near.getOutputStream(), far.getOutputStream());
        } catch (IOException | InterruptedException e) {
            // what the fate wanted, or an end
        } finally {
            while (silent) {
                LockSupport.parkNanos(1_000_000);
            }
            close(far);
            close(near);
        }
    }

    private void there(DataInputStream in, OutputStream reverse, OutputStream out) throws IOException, InterruptedException {
        out.write(whole(in, HELLO_BYTES));
        byte[] proof = whole(in, PROOF_BYTES);
        hold();
        out.write(proof);
        for (int index = 0;; index++) {
            byte[] header = whole(in, StreamMessage.HEADER_BYTES);
            int rest = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt() + StreamMessage.EXTRA_BYTES - header.length;
            byte[] message = new byte[header.length + rest];
            System.arraycopy(header, 0, message, 0, header.length);
            in.readFully(message, header.length, rest);
            quiet();
            fate.pass(index, message, mirrored ? reverse : out);
        }
    }

    private static byte[] whole(DataInputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private void back(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            byte[] buffer = new byte[64 * 1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                quiet();
                to.getOutputStream().write(buffer, 0, count);
                while (answersHeld) {
                    Thread.sleep(1);
                }
            }
        } catch (IOException | InterruptedException e) {
            // an end
        }
        close(to);
    }

    private void hold() throws InterruptedException {
        if (proofsHeld) {
            proofsWaiting++;
            while (proofsHeld) {
                Thread.sleep(1);
            }
        }
    }

    private void quiet() throws InterruptedException {
        while (silent) {
            Thread.sleep(1);
        }
    }

    void drop() {
        open.forEach(this::close);
    }

    private void close(Socket socket) {
        try {
            open.remove(socket);
            socket.close();
        } catch (IOException e) {
            // gone
        }
    }

    @Override
    public void close() throws IOException {
        silent = false;
        proofsHeld = false;
        answersHeld = false;
        server.close();
        drop();
    }
}
