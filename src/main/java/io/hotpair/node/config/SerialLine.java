package io.hotpair.node.config;

/**
 * How messages lie on a serial line.
 *
 * @param baud bits a second; 8 data bits, no parity, one stop bit
 */
public record SerialLine(int baud, Framing framing, Checksum checksum) {
    /** Where a message begins and ends. */
    public enum Framing {
        /** Lines of text. */
        LINES,
        /** Binary, stuffed and delimited by zeros. */
        COBS
    }

    /** How a message proves that it arrived as it was sent. */
    public enum Checksum {
        /** Not at all. */
        NONE,
        /** An asterisk and two digits at the end of a line. */
        NMEA,
        /** Four bytes at the end of a binary message. */
        CRC32
    }
}
