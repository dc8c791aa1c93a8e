package io.hotpair.drivers.uart;

import io.hotpair.drivers.port.InputDriver;
import io.hotpair.drivers.port.OutputDriver;
import io.hotpair.sync.port.OutputPort;
import java.util.function.LongSupplier;

/**
 * A serial device in the field: each message received is an input, each output is sent as a message. Opened and read on a thread of its own, as
 * {@link UartChannel} is, and opened again after trouble.
 *
 * <p>The source is 0: both boards hear the same device. Where it numbers its messages, a line begins with the decimal number and a space or comma,
 * a binary message with 8 bytes, little endian; that is not part of the input.
 *
 * <p>An output is taken when the one before has left the device but for what it sends in 5 ms: so little can still leave a board that has lost its
 * gate. One that sends more slowly than outputs come makes the port busy; a device that is missing, or has sent nothing at all for a quarter of a
 * second, loses outputs, for the other ports must not wait for it. The first message after the gate opened or the device was opened begins with a
 * delimiter, which ends what a dead primary may have left unfinished on a line that both boards feed.
 */
public final class UartPort implements InputDriver, OutputDriver {
    /** How messages lie on the line. */
    public enum Framed {
        /** Lines of text. */
        LINES,
        /** Binary, stuffed and delimited by zeros. */
        COBS
    }

    /** How a message proves that it arrived as it was sent. */
    public enum Checked {
        /** Not at all. */
        NONE,
        /** An asterisk and two digits at the end of a line. */
        NMEA,
        /** Four bytes at the end of a binary message. */
        CRC32
    }

    /**
     * How the device is used.
     *
     * @param baud see {@link UartChannel.Settings}
     * @param listens whether it is an input
     * @param numbered whether what it sends is numbered
     * @param replays see {@link OutputDriver#replays}
     */
    public record Settings(String device, int baud, Framed framed, Checked checked, boolean listens, boolean numbered, boolean replays) {}

    /** 256 lines of the shortest useful length, 5 bytes, come in 110 ms at 115,200 baud. */
    private static final int QUEUE = 256;
    private static final int BACKLOG_PER_SECOND = 200;
    private static final int BITS_PER_BYTE = 10;
    private static final int LEAST_BACKLOG_BYTES = 16;
    private static final long STALLED_NS = 250_000_000;
    /** While a device has not taken the whole of a message. */
    private static final long AGAIN_NS = 500_000;
    private static final int SEQUENCE_BYTES = 8;
    private static final int MOST_DIGITS = 18;
    private static final String CURE = ": is it plugged in, is the path right? It is tried again each second";

    private final UartChannel channel;
    private final Settings settings;
    private final LongSupplier clock;
    private final byte[] message;
    private long sequence;
    private long withoutNumber;
    private boolean stalled;
    private long leftBytes;
    private long leftNs;
    private long lost;

    /**
     * @param wake called by the device's thread after each message received; must not block or throw
     * @param onThread run first on the device's thread: to give it the priority without which, on a busy machine, it would take for new what came
     *     long ago
     * @param clock monotonic, ns
     */
    public UartPort(Settings settings, Runnable wake, Runnable onThread, LongSupplier clock) {
        this.settings = settings;
        this.clock = clock;
        CheckedFraming.Checksum checksum = switch (settings.checked()) {
            case NONE -> null;
            case NMEA -> new CheckedFraming.Nmea();
            case CRC32 -> new CheckedFraming.Crc32();
        };
        int numberBytes = !settings.numbered() ? 0 : settings.framed() == Framed.LINES ? MOST_DIGITS + 1 : SEQUENCE_BYTES;
        int maxBytes = PAYLOAD_MAX_BYTES + numberBytes;
        message = new byte[maxBytes];
        int framedBytes = maxBytes + (checksum == null ? 0 : checksum.addedBytes());
        Framing framing = settings.framed() == Framed.LINES ? new LineFraming(framedBytes) : new CobsFraming(framedBytes, false);
        int backlogBytes = Math.max(LEAST_BACKLOG_BYTES, settings.baud() / BITS_PER_BYTE / BACKLOG_PER_SECOND);
        channel = new UartChannel(new UartChannel.Settings(settings.device(), settings.baud(), maxBytes, QUEUE, backlogBytes), wake,
                checksum == null ? framing : new CheckedFraming(framing, checksum, maxBytes), settings.listens(), onThread);
    }

    // ---- input ----

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public int receive(byte[] destination, int offset) {
        for (int looked = 0; looked < QUEUE; looked++) {
            int lengthBytes = channel.receive(message);
            if (lengthBytes < 0) {
                return -1;
            }
            int from = !settings.numbered() ? 0 : settings.framed() == Framed.LINES ? decimal(lengthBytes) : binary(lengthBytes);
            if (from >= 0 && lengthBytes - from <= PAYLOAD_MAX_BYTES) {
                System.arraycopy(message, from, destination, offset, lengthBytes - from);
                return lengthBytes - from;
            }
            withoutNumber++;
        }
        return -1; // nothing but junk: the rest in the next cycle
    }

    /** Where the message begins behind its number, or -1. */
    private int decimal(int lengthBytes) {
        long number = 0;
        for (int i = 0; i < lengthBytes && i <= MOST_DIGITS; i++) {
            byte b = message[i];
            if (b >= '0' && b <= '9') {
                number = number * 10 + b - '0';
            } else if (i > 0 && (b == ' ' || b == ',')) {
                sequence = number;
                return i + 1;
            } else {
                return -1;
            }
        }
        return -1;
    }

    private int binary(int lengthBytes) {
        if (lengthBytes < SEQUENCE_BYTES) {
            return -1;
        }
        sequence = 0;
        for (int i = SEQUENCE_BYTES - 1; i >= 0; i--) {
            sequence = sequence << 8 | message[i] & 0xFF;
        }
        return SEQUENCE_BYTES;
    }

    @Override
    public long source() {
        return 0;
    }

    @Override
    public boolean numbered() {
        return settings.numbered();
    }

    @Override
    public long sequence() {
        return settings.numbered() ? sequence : 0;
    }

    @Override
    public long arrivedNs() {
        return channel.receivedNs();
    }

    @Override
    public long malformed() {
        return tooLong() + cut() + wrongChecksums() + withoutNumber;
    }

    /** Messages longer than an input may be. */
    public long tooLong() {
        return channel.tooLong();
    }

    /** Messages cut short on the line, or with bytes in them that no message has. */
    public long cut() {
        return channel.malformed();
    }

    /** Messages whose checksum was wrong or missing. */
    public long wrongChecksums() {
        return channel.wrongChecksums();
    }

    /** Messages that did not begin with a number where one is due, or were too long but for it. */
    public long withoutNumber() {
        return withoutNumber;
    }

    @Override
    public long overflowed() {
        return channel.queueOverruns();
    }

    // ---- output ----

    @Override
    public boolean replays() {
        return settings.replays();
    }

    @Override
    public int emit(long number, long term, boolean repetition, byte[] buffer, int offset, int lengthBytes) {
        int result = channel.offer(buffer, offset, lengthBytes);
        if (result == UartChannel.FULL && !standsStill()) {
            return OutputPort.BUSY;
        }
        stalled &= result == UartChannel.FULL;
        lost += result == UartChannel.TAKEN ? 0 : 1;
        return OutputPort.EMITTED;
    }

    private boolean standsStill() {
        long nowNs = clock.getAsLong();
        long left = channel.left();
        if (!stalled || left != leftBytes) {
            stalled = true;
            leftBytes = left;
            leftNs = nowNs;
        }
        return nowNs - leftNs >= STALLED_NS;
    }

    /** What the kernel has not taken when the gate shuts does not leave: the peer may already speak. */
    @Override
    public void onGate(boolean open, long nowNs) {
        lost += channel.dropRest() ? 1 : 0;
    }

    @Override
    public long doWork(long nowNs) {
        return channel.sendRest() ? Long.MAX_VALUE : nowNs + AGAIN_NS;
    }

    @Override
    public long lost() {
        return lost + channel.restLost();
    }

    // ---- both ----

    /** What is wrong at present, for a person; null while the device is open, and before it was tried. */
    public String trouble() {
        String trouble = channel.trouble();
        return trouble == null || !channel.tried() ? null : trouble + CURE;
    }

    /** Whether the device is open. */
    boolean open() {
        return channel.trouble() == null;
    }

    @Override
    public void close() {
        channel.close();
    }
}
