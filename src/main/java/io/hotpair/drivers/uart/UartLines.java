package io.hotpair.drivers.uart;

import io.hotpair.drivers.port.InputDriver;
import io.hotpair.drivers.port.OutputDriver;
import io.hotpair.sync.port.OutputPort;

/**
 * A serial device that speaks lines of text: each line received is an input, each output is sent as a line. Opened and read on a thread of its own,
 * as
 * {@link UartChannel} is, and opened again after trouble.
 *
 * <p>The source is 0 and numbers nothing: both boards hear the same device.
 */
public final class UartLines implements InputDriver, OutputDriver {
    private static final int QUEUE_LINES = 256;
    private static final int BACKLOG_BYTES = 4096 - PAYLOAD_MAX_BYTES - 2; // so the longest line still fits the kernel's buffer whole

    private final UartChannel channel;
    private final boolean replays;
    private final byte[] line = new byte[PAYLOAD_MAX_BYTES];
    private long lost;

    /**
     * @param replays see {@link OutputDriver#replays}
     * @param wake called by the device's thread after each line; must not block or throw
     */
    public UartLines(String device, int baud, boolean replays, Runnable wake) {
        channel = new UartChannel(new UartChannel.Settings(device, baud, PAYLOAD_MAX_BYTES, QUEUE_LINES, BACKLOG_BYTES), wake,
                new LineFraming(PAYLOAD_MAX_BYTES));
        this.replays = replays;
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public int receive(byte[] destination, int offset) {
        int lengthBytes = channel.receive(line);
        if (lengthBytes > 0) {
            System.arraycopy(line, 0, destination, offset, lengthBytes);
        }
        return lengthBytes;
    }

    @Override
    public long source() {
        return 0;
    }

    @Override
    public boolean numbered() {
        return false;
    }

    @Override
    public long sequence() {
        return 0;
    }

    @Override
    public long arrivedNs() {
        return channel.receivedNs();
    }

    @Override
    public long malformed() {
        return channel.tooLong();
    }

    @Override
    public long overflowed() {
        return channel.queueOverruns();
    }

    @Override
    public boolean replays() {
        return replays;
    }

    /** {@inheritDoc} A device that is missing loses lines; one that sends slower than lines come makes the port busy. */
    @Override
    public int emit(long number, long term, boolean repetition, byte[] buffer, int offset, int lengthBytes) {
        long stalledBefore = channel.droppedStalled();
        if (!channel.send(buffer, offset, lengthBytes)) {
            if (channel.droppedStalled() != stalledBefore) {
                return OutputPort.BUSY;
            }
            lost++;
        }
        return OutputPort.EMITTED;
    }

    @Override
    public long lost() {
        return lost;
    }

    /** What is wrong at present, for a person; null while the device is open. */
    public String trouble() {
        return channel.trouble();
    }

    @Override
    public void close() {
        channel.close();
    }
}
