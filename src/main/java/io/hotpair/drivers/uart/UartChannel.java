package io.hotpair.drivers.uart;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import io.hotpair.core.port.FrameChannel;
import io.hotpair.wire.UartFraming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.SpscAtomicArrayQueue;

/**
 * A serial device as a channel to the peer: raw, eight data bits, no parity, one stop bit, no flow control.
 *
 * <p>One thread of its own opens the device, reads and decodes, and opens it again every second after trouble. The duty cycle calls
 * {@link #send} and {@link #receive}, which neither block nor allocate nor notice a device that comes and goes.
 *
 * <p>The device is not locked: the guard process holds it open too, to say DEAD when this process no longer can. A frame is one
 * {@code write}, which the kernel does not mix with another's.
 */
public final class UartChannel implements FrameChannel, AutoCloseable {
    /**
     * How the line is used.
     *
     * @param device path of the device, for instance {@code /dev/ttyAMA0}; a link to it will do
     * @param baud 1,200 to 4,000,000, as far as the hardware can
     * @param maxFrameBytes longest frame with its seal
     * @param queueFrames frames that wait for the duty cycle; rounded up to a power of two. A node that was paused has lost the
     *     rest, as it would beyond the kernel's own 4 KiB
     * @param backlogBytes a frame is dropped when more than this waits to be sent: a late heartbeat is worth less than none, for
     *     it delays those behind it
     */
    public record Settings(String device, int baud, int maxFrameBytes, int queueFrames, int backlogBytes) {
        /** Checks the ranges. */
        public Settings {
            if (device.isEmpty() || baud < 1_200 || baud > 4_000_000 || maxFrameBytes < 1 || maxFrameBytes > 4_096
                    || queueFrames < 2 || queueFrames > 65_536 || backlogBytes < 0) {
                throw new IllegalArgumentException("out of range: uart device " + device + ", baud " + baud + " (1200..4000000), frames of "
                        + maxFrameBytes + " bytes (1..4096), queue of " + queueFrames + " (2..65536), backlog of " + backlogBytes + " bytes");
            }
        }

        /** For sealed heartbeats of up to 64 bytes: 64 of them queue; two may wait to be sent, a periodic one and an answer. */
        public static Settings of(String device, int baud) {
            return new Settings(device, baud, 64, 64, 2 * UartFraming.encodedLengthMax(64));
        }
    }

    private static final class Slot {
        final byte[] bytes;
        int length;
        long receivedNs;

        Slot(int maxFrameBytes) {
            bytes = new byte[maxFrameBytes];
        }
    }

    private static final long REOPEN_NS = 1_000_000_000;
    private static final long DRAIN_NS = 50_000_000;
    private static final int CHUNK_BYTES = 256;
    private static final int MAX_EMPTY_READS = 3;

    /** The trouble of a device before the first attempt; compared by identity. */
    private static final String NOT_TRIED = "not opened yet";

    /** Answer of {@link #offer}: it leaves, whole. */
    static final int TAKEN = 0;
    /** Answer of {@link #offer}: what was given before it has not left yet. */
    static final int FULL = 1;
    /** Answer of {@link #offer}: there is no device. */
    static final int MISSING = 2;

    private static final int SHUT = 0;
    private static final int OPEN = 1;
    private static final int SENDING = 2;

    private final Settings settings;
    private final Runnable wake;
    private final Framing framing;
    private final boolean listens;
    private final ArrivalClock arrivals = new ArrivalClock();
    private final SpscAtomicArrayQueue<Slot> filled;
    private final SpscAtomicArrayQueue<Slot> free;
    private final byte[] encoded;
    private final Thread thread;

    /** Guards {@link #writer}: the sender marks its use by SENDING, so the descriptor is never closed under its hands. */
    private final AtomicInteger gate = new AtomicInteger(SHUT);
    private TtyWriter writer;

    private long receivedNs;
    private long chunkNs;

    /** What the device did not take of {@link #encoded} yet, and of which opening that is. Duty cycle only. */
    private int restFrom;
    private int restEnd;
    private long restOf;
    private long handedOver;
    private long restLost;

    private volatile boolean closing;
    private volatile SerialPort port;
    private volatile String trouble = NOT_TRIED;
    private volatile long opened;
    private volatile long received;
    private volatile long queueOverruns;
    private volatile long malformed;
    private volatile long tooLong;
    private volatile long wrongChecksums;
    private volatile long sent;
    private volatile long droppedStalled;
    private volatile long droppedBroken;

    /**
     * Starts the channel; the device is opened in the background.
     *
     * @param wake called by the channel's thread after each frame queued; must not block or throw
     */
    public UartChannel(Settings settings, Runnable wake) {
        this(settings, wake, new CobsFraming(settings.maxFrameBytes(), true), true, () -> { });
    }

    /**
     * @param listens whether frames that are received are queued; else nobody is told of them
     * @param onThread run first on the device's thread
     */
    UartChannel(Settings settings, Runnable wake, Framing framing, boolean listens, Runnable onThread) {
        this.settings = settings;
        this.listens = listens;
        this.wake = wake;
        this.framing = framing;
        this.filled = new SpscAtomicArrayQueue<>(settings.queueFrames());
        this.free = new SpscAtomicArrayQueue<>(settings.queueFrames());
        while (free.offer(new Slot(settings.maxFrameBytes()))) {
            // as many as fit
        }
        this.encoded = new byte[framing.encodedLengthMax(settings.maxFrameBytes())];
        this.thread = Thread.ofPlatform().name("uart").daemon().unstarted(() -> {
            onThread.run();
            run();
        });
        thread.start();
    }

    /** {@inheritDoc} Duty cycle only. False also when the line is stalled or missing: dropped and counted. */
    @Override
    public boolean send(byte[] buffer, int offset, int lengthBytes) {
        if (lengthBytes > settings.maxFrameBytes() || !gate.compareAndSet(OPEN, SENDING)) {
            droppedBroken++;
            return false;
        }
        try {
            if (writer.pendingBytes() > settings.backlogBytes()) {
                droppedStalled++;
                return false;
            }
            int length = framing.encode(buffer, offset, lengthBytes, encoded);
            int taken = writer.write(encoded, 0, length);
            if (taken == length) {
                sent++;
                return true;
            }
            if (taken > 0) {
                framing.onCut();
            }
            if (taken == TtyWriter.BROKEN) {
                droppedBroken++;
            } else {
                droppedStalled++;
            }
            return false;
        } finally {
            gate.setRelease(OPEN);
        }
    }

    /**
     * As {@link #send}, but never a part of a frame: what the device does not take at once is kept and leaves before anything else. Duty cycle only.
     *
     * @return {@link #TAKEN}, {@link #FULL} or {@link #MISSING}
     */
    int offer(byte[] buffer, int offset, int lengthBytes) {
        if (!gate.compareAndSet(OPEN, SENDING)) {
            return MISSING;
        }
        try {
            if (!restSent() || writer.pendingBytes() > settings.backlogBytes()) {
                return FULL;
            }
            restFrom = 0;
            restEnd = framing.encode(buffer, offset, lengthBytes, encoded);
            restSent();
            return TAKEN;
        } finally {
            gate.setRelease(OPEN);
        }
    }

    /** Sends what {@link #offer} has kept, as far as the device takes it; returns whether nothing is left. Duty cycle only. */
    boolean sendRest() {
        if (restFrom == restEnd) {
            return true;
        }
        if (!gate.compareAndSet(OPEN, SENDING)) {
            restLost += dropRest() ? 1 : 0;
            return true;
        }
        try {
            return restSent();
        } finally {
            gate.setRelease(OPEN);
        }
    }

    private boolean restSent() {
        if (restOf != opened) {
            restOf = opened;
            restLost += dropRest() ? 1 : 0;
        }
        if (restFrom < restEnd) {
            int taken = writer.write(encoded, restFrom, restEnd - restFrom);
            restFrom += Math.max(0, taken);
            handedOver += Math.max(0, taken);
            sent += restFrom == restEnd ? 1 : 0;
        }
        return restFrom == restEnd;
    }

    /** Forgets what {@link #offer} has kept, and has what comes next end it; returns whether there was any. Duty cycle only. */
    boolean dropRest() {
        boolean any = restFrom < restEnd;
        restFrom = restEnd;
        framing.onCut();
        return any;
    }

    /** Frames that {@link #offer} took and that the device was gone before it had them whole. Duty cycle only. */
    long restLost() {
        return restLost;
    }

    /** Bytes that have left the device, or so it says; tells a slow one from one that stands still. Duty cycle only. */
    long left() {
        if (!gate.compareAndSet(OPEN, SENDING)) {
            return handedOver;
        }
        try {
            return handedOver - writer.pendingBytes();
        } finally {
            gate.setRelease(OPEN);
        }
    }

    /**
     * Takes the oldest frame received. Duty cycle only.
     *
     * @param dst at least as long as the longest frame
     * @return the frame's length, or -1 if none waits
     */
    public int receive(byte[] dst) {
        arrivals.onLook(System.nanoTime());
        Slot slot = filled.poll();
        if (slot == null) {
            return -1;
        }
        int length = slot.length;
        System.arraycopy(slot.bytes, 0, dst, 0, length);
        receivedNs = slot.receivedNs;
        free.offer(slot);
        return length;
    }

    /** When the frame that was taken last had arrived, monotonic ns; see {@link ArrivalClock}. Duty cycle only. */
    long receivedNs() {
        return receivedNs;
    }

    private void onFrame(byte[] buffer, int lengthBytes) {
        if (!listens) {
            return;
        }
        Slot slot = free.poll();
        if (slot == null) {
            queueOverruns++;
        } else {
            System.arraycopy(buffer, 0, slot.bytes, 0, lengthBytes);
            slot.length = lengthBytes;
            slot.receivedNs = chunkNs;
            filled.offer(slot);
            received++;
        }
        wake.run();
    }

    private void run() {
        UartFraming.FrameHandler handler = this::onFrame;
        byte[] chunk = new byte[CHUNK_BYTES];
        while (!closing) {
            String cause = "internal error"; // unless a known one comes; an unknown one ends this thread, not the node
            try {
                open();
                read(chunk, handler);
                cause = "closed";
            } catch (IOException | SerialPortInvalidPortException e) {
                cause = e.getMessage();
            } finally {
                shut();
                report(settings.device() + ": " + cause);
            }
            if (!closing) {
                LockSupport.parkNanos(REOPEN_NS);
            }
        }
    }

    private void open() throws IOException {
        // The library would look for a missing device under other names.
        if (!Files.exists(Path.of(settings.device()))) {
            throw new IOException("no such device");
        }
        SerialLibrary.load();
        SerialPort opening = SerialPort.getCommPort(settings.device());
        opening.disableExclusiveLock();
        opening.setComPortParameters(settings.baud(), 8, SerialPort.ONE_STOP_BIT, SerialPort.NO_PARITY);
        opening.setFlowControl(SerialPort.FLOW_CONTROL_DISABLED);
        opening.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, 0, 0);
        // Otherwise the library sets BRKINT, and a receive line that is cut or whose peer is off, which reads as one long break,
        // would make the kernel throw away what this board is sending. Without RS-485 control nothing else comes of it; a break
        // then reads as a zero byte, which the framing takes for the end of a frame.
        opening.disableRs485ModeControl();
        opening.setRs485ModeParameters(true, true, 0, 0);
        if (!opening.openPort(0)) {
            throw new IOException("cannot be opened at " + settings.baud() + " baud: " + errorText(opening.getLastErrorCode()));
        }
        port = opening;
        SerialLibrary.portOpened();
        writer = new TtyWriter(settings.device(), encoded.length);
        framing.reset();
        opening.flushIOBuffers(); // how old that is nobody knows
        arrivals.onOpened(System.nanoTime());
        opened++;
        gate.setRelease(OPEN);
        trouble = null; // last: who is told that the device is open may send
    }

    private void read(byte[] chunk, UartFraming.FrameHandler handler) throws IOException {
        int emptyReads = 0;
        while (!closing) {
            int length = port.readBytes(chunk, chunk.length);
            if (length > 0) {
                emptyReads = 0;
                chunkNs = arrivals.onRead(System.nanoTime(), length < chunk.length);
                framing.feed(chunk, length, handler);
                malformed = framing.malformed();
                tooLong = framing.overruns();
                wrongChecksums = framing.wrongChecksums();
            } else if (length < 0 || ++emptyReads == MAX_EMPTY_READS) { // a blocking read returns nothing only at the end
                if (!closing) {
                    throw new IOException("lost: " + errorText(port.getLastErrorCode()));
                }
                return;
            }
        }
    }

    private void shut() {
        if (writer != null) {
            while (!gate.compareAndSet(OPEN, SHUT)) {
                Thread.onSpinWait(); // for the microseconds of a send
            }
            writer.close();
            writer = null;
        }
        if (port != null) {
            port.closePort();
            port = null;
            SerialLibrary.portClosed();
        }
    }

    private void report(String text) {
        if (!text.equals(trouble)) {
            trouble = text;
        }
    }

    private static String errorText(int errno) {
        return switch (errno) {
            case 0 -> "end of data";
            case 2 -> "no such device (error 2)";
            case 5 -> "input/output error, unplugged? (error 5)";
            case 6, 19 -> "device gone (error " + errno + ")";
            case 13 -> "no permission, is the user in the device's group? (error 13)";
            case 16 -> "busy (error 16)";
            case 22 -> "settings not supported by the device (error 22)";
            case 25 -> "not a serial device (error 25)";
            default -> "error " + errno;
        };
    }

    /** What is wrong at present, for a person; null while the device is open. The same object while nothing changes. */
    public String trouble() {
        return trouble;
    }

    /** Whether it was tried to open the device; before that {@link #trouble} is nothing to tell anyone. */
    public boolean tried() {
        return trouble != NOT_TRIED;
    }

    /** How often the device was opened. */
    public long opened() {
        return opened;
    }

    /** Frames queued for the duty cycle. */
    public long received() {
        return received;
    }

    /** Frames lost because the duty cycle did not take them in time. */
    public long queueOverruns() {
        return queueOverruns;
    }

    /** Frames cut short on the line. */
    public long malformed() {
        return malformed;
    }

    /** Frames longer than any frame, noise among them. */
    public long tooLong() {
        return tooLong;
    }

    /** Frames whose checksum was wrong or missing. */
    long wrongChecksums() {
        return wrongChecksums;
    }

    /** Frames that the device took. */
    public long sent() {
        return sent;
    }

    /** Frames dropped because earlier ones still waited to be sent, or the device took only a part. */
    public long droppedStalled() {
        return droppedStalled;
    }

    /** Frames dropped because the device was missing or broken, or the frame too long. */
    public long droppedBroken() {
        return droppedBroken;
    }

    /**
     * Gives what was sent last a moment to leave (closing a port discards the rest), then closes the device and ends the thread.
     * To be called before the process exits; an exit waits up to two seconds for it.
     */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        long deadlineNs = System.nanoTime() + DRAIN_NS;
        while (System.nanoTime() - deadlineNs < 0 && pendingBytes() > 0) {
            LockSupport.parkNanos(1_000_000);
        }
        closing = true;
        // The library reads its handle twice on the way into a read; a handle closed in between would be followed as null. By now
        // the reader has either gone in or seen that it is to end.
        LockSupport.parkNanos(1_000_000);
        SerialPort open = port;
        if (open != null) {
            open.closePort(); // wakes the reader
        }
        LockSupport.unpark(thread);
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int pendingBytes() {
        if (!gate.compareAndSet(OPEN, SENDING)) {
            return 0;
        }
        try {
            return writer.pendingBytes();
        } finally {
            gate.setRelease(OPEN);
        }
    }
}
