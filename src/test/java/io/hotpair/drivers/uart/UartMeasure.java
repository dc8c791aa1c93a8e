package io.hotpair.drivers.uart;

import io.hotpair.wire.UartFraming;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** Prints what the serial channel costs on this machine, over a pseudo-terminal: a distribution, never a pass or fail. */
final class UartMeasure {
    private static final int WARM_UP = 40_000;
    private static final int SAMPLES = 20_000;

    private UartMeasure() {}

    public static void main(String[] arguments) {
        Thread main = Thread.currentThread();
        try (PtyPair pty = new PtyPair();
                UartChannel channel = new UartChannel(UartChannel.Settings.of(pty.device(), 921_600), () -> LockSupport.unpark(main))) {
            while (channel.trouble() != null) {
                LockSupport.parkNanos(1_000_000);
            }
            byte[] frame = new byte[52];
            Arrays.fill(frame, (byte) 3);
            byte[] wire = new byte[UartFraming.encodedLengthMax(52)];
            int length = UartFraming.encode(frame, 0, 52, wire);
            byte[] dst = new byte[64];
            byte[] peer = new byte[4096];
            var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long readerId = Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().equals("uart")).findFirst().orElseThrow().threadId();
            long[] arrival = new long[SAMPLES];
            long[] sending = new long[SAMPLES];
            long sendBytes = 0;
            long receiveBytes = 0;
            long readerBytes = 0;
            for (int i = -WARM_UP; i < SAMPLES; i++) {
                if (i == 0) {
                    sendBytes = receiveBytes = 0;
                    readerBytes = threads.getThreadAllocatedBytes(readerId);
                }
                long startNs = System.nanoTime();
                pty.write(wire, length);
                long mark = threads.getCurrentThreadAllocatedBytes();
                while (channel.receive(dst) < 0) {
                    LockSupport.park();
                }
                long arrivedNs = System.nanoTime();
                receiveBytes += threads.getCurrentThreadAllocatedBytes() - mark;
                mark = threads.getCurrentThreadAllocatedBytes();
                long sendNs = System.nanoTime();
                channel.send(frame, 0, 52);
                long sentNs = System.nanoTime();
                sendBytes += threads.getCurrentThreadAllocatedBytes() - mark;
                pty.read(peer, 1_000);
                if (i >= 0) {
                    arrival[i] = arrivedNs - startNs;
                    sending[i] = sentNs - sendNs;
                }
            }
            readerBytes = threads.getThreadAllocatedBytes(readerId) - readerBytes;
            print("peer's write to frame in the woken duty cycle", arrival);
            print("send()", sending);
            System.out.printf("bytes allocated in %d: send %d, receive %d, reader thread %d%n", SAMPLES, sendBytes, receiveBytes, readerBytes);
        }
    }

    private static void print(String what, long[] ns) {
        Arrays.sort(ns);
        System.out.printf("%-46s p50 %6.1f  p99 %6.1f  max %8.1f us%n", what, ns[ns.length / 2] / 1e3, ns[ns.length * 99 / 100] / 1e3,
                ns[ns.length - 1] / 1e3);
    }
}
