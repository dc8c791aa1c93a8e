package io.hotpair.drivers.uart;

import io.hotpair.wire.UartFraming;
import java.util.zip.CRC32;

/**
 * Messages that end with a checksum, which is added and taken away here. A message whose checksum is wrong or missing is dropped and counted: without
 * one, a byte that noise has changed on one board's line makes an input of its own, beside the right one of the other board.
 */
final class CheckedFraming implements Framing {
    /** How a message proves that it arrived as it was sent. */
    interface Checksum {
        /** Bytes that it adds. */
        int addedBytes();

        /** Writes it behind the message. */
        void add(byte[] message, int lengthBytes);

        /** Whether the last bytes are the right ones. The message is longer than they are. */
        boolean right(byte[] message, int lengthBytes);
    }

    /** CRC-32 of IEEE 802.3, four bytes, little endian. For binary messages. */
    static final class Crc32 implements Checksum {
        private static final int BYTES = 4;
        private final CRC32 adding = new CRC32();
        private final CRC32 checking = new CRC32(); // on another thread

        @Override
        public int addedBytes() {
            return BYTES;
        }

        @Override
        public void add(byte[] message, int lengthBytes) {
            int sum = of(adding, message, lengthBytes);
            for (int i = 0; i < BYTES; i++) {
                message[lengthBytes + i] = (byte) (sum >>> 8 * i);
            }
        }

        @Override
        public boolean right(byte[] message, int lengthBytes) {
            int sum = of(checking, message, lengthBytes - BYTES);
            int differs = 0;
            for (int i = 0; i < BYTES; i++) {
                differs |= message[lengthBytes - BYTES + i] ^ (byte) (sum >>> 8 * i);
            }
            return differs == 0;
        }

        private static int of(CRC32 crc, byte[] message, int lengthBytes) {
            crc.reset();
            crc.update(message, 0, lengthBytes);
            return (int) crc.getValue();
        }
    }

    /** As in NMEA 0183: an asterisk and two hexadecimal digits, all bytes XORed but for a dollar or exclamation mark in front. For lines. */
    static final class Nmea implements Checksum {
        private static final int BYTES = 3;
        private static final String DIGITS = "0123456789ABCDEF";

        @Override
        public int addedBytes() {
            return BYTES;
        }

        @Override
        public void add(byte[] message, int lengthBytes) {
            int sum = of(message, lengthBytes);
            message[lengthBytes] = '*';
            message[lengthBytes + 1] = (byte) DIGITS.charAt(sum >> 4);
            message[lengthBytes + 2] = (byte) DIGITS.charAt(sum & 15);
        }

        @Override
        public boolean right(byte[] message, int lengthBytes) {
            int whole = lengthBytes - BYTES;
            int sum = of(message, whole);
            return message[whole] == '*' && Character.digit(message[whole + 1], 16) == sum >> 4
                    && Character.digit(message[whole + 2], 16) == (sum & 15);
        }

        private static int of(byte[] message, int lengthBytes) {
            int sum = 0;
            for (int i = lengthBytes > 0 && (message[0] == '$' || message[0] == '!') ? 1 : 0; i < lengthBytes; i++) {
                sum ^= message[i];
            }
            return sum & 0xFF;
        }
    }

    private final Framing framing;
    private final Checksum checksum;
    private final byte[] sending;
    private final UartFraming.FrameHandler checking = this::check;
    private UartFraming.FrameHandler handler;
    private volatile long wrong;

    /** @param framing made for messages with their checksum */
    CheckedFraming(Framing framing, Checksum checksum, int maxMessageBytes) {
        this.framing = framing;
        this.checksum = checksum;
        sending = new byte[maxMessageBytes + checksum.addedBytes()];
    }

    @Override
    public int encodedLengthMax(int lengthBytes) {
        return framing.encodedLengthMax(lengthBytes + checksum.addedBytes());
    }

    @Override
    public int encode(byte[] src, int offset, int lengthBytes, byte[] dst) {
        System.arraycopy(src, offset, sending, 0, lengthBytes);
        checksum.add(sending, lengthBytes);
        return framing.encode(sending, 0, lengthBytes + checksum.addedBytes(), dst);
    }

    @Override
    public void onCut() {
        framing.onCut();
    }

    @Override
    public void feed(byte[] chunk, int lengthBytes, UartFraming.FrameHandler to) {
        handler = to;
        framing.feed(chunk, lengthBytes, checking);
    }

    private void check(byte[] message, int lengthBytes) {
        int whole = lengthBytes - checksum.addedBytes();
        if (whole > 0 && checksum.right(message, lengthBytes)) {
            handler.onFrame(message, whole);
        } else {
            wrong++;
        }
    }

    @Override
    public void reset() {
        framing.reset();
    }

    @Override
    public long malformed() {
        return framing.malformed();
    }

    @Override
    public long overruns() {
        return framing.overruns();
    }

    @Override
    public long wrongChecksums() {
        return wrong;
    }
}
