package io.hotpair.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * A remote checkpoint for boards that reach each other through the kernel alone: a TCP port whose connections are taken and closed. Like the ways
 * between the boards it is the kernel that answers.
 */
final class TcpCheckpoint implements AutoCloseable {
    /** Connections that may wait to be taken; at a probe each ms, so many ms. */
    private static final int BACKLOG = 1024;

    private final ServerSocket listener;

    TcpCheckpoint(InetAddress local, Runnable threadSetup) throws IOException {
        listener = new ServerSocket(0, BACKLOG, local);
        Thread.ofPlatform().daemon().name("checkpoint").start(() -> {
            threadSetup.run();
            acceptAll();
        });
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void acceptAll() {
        try {
            while (true) {
                listener.accept().close();
            }
        } catch (IOException closed) {
            // That is how close() ends it.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
