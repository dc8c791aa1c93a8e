package io.hotpair.drivers.uart;

import io.hotpair.wire.UartFraming;

/**
 * Lines of text: each ends with a line feed, with or without a carriage return before it. What comes before the first line feed after the device was
 * opened may be the end of a line whose beginning nobody read, and is dropped: a value cut in half is worse than none. Empty lines are nothing.
 *
 * <p>A line with a control character other than a tab in it is dropped: a break or noise, for text has none. (A break reads as a zero byte.)
 */
final class LineFraming implements Framing {
    private static final byte LINE_FEED = '\n';
    private static final byte CARRIAGE_RETURN = '\r';
    private static final byte DELETE = 0x7F;

    private final byte[] line;
    private int length;
    private boolean skipping = true;
    private boolean cut;
    private long overruns;
    private long malformed;

    LineFraming(int maxLineBytes) {
        line = new byte[maxLineBytes + 1]; // the carriage return
    }

    @Override
    public int encodedLengthMax(int lengthBytes) {
        return lengthBytes + 2;
    }

    @Override
    public int encode(byte[] src, int offset, int lengthBytes, byte[] dst) {
        int at = 0;
        if (cut) {
            dst[at++] = LINE_FEED; // ends the part of a line that the device took
            cut = false;
        }
        System.arraycopy(src, offset, dst, at, lengthBytes);
        dst[at + lengthBytes] = LINE_FEED;
        return at + lengthBytes + 1;
    }

    @Override
    public void onCut() {
        cut = true;
    }

    @Override
    public void feed(byte[] chunk, int lengthBytes, UartFraming.FrameHandler handler) {
        for (int i = 0; i < lengthBytes; i++) {
            byte next = chunk[i];
            if (next == LINE_FEED) {
                end(handler);
            } else if (length == line.length) {
                overruns += skipping ? 0 : 1;
                skipping = true;
            } else if (!skipping) {
                line[length++] = next;
            }
        }
    }

    private void end(UartFraming.FrameHandler handler) {
        int whole = length > 0 && line[length - 1] == CARRIAGE_RETURN ? length - 1 : length;
        if (!skipping && whole == line.length) {
            overruns++;
        } else if (!skipping && !isText(whole)) {
            malformed++;
        } else if (!skipping && whole > 0) {
            handler.onFrame(line, whole);
        }
        length = 0;
        skipping = false;
    }

    private boolean isText(int lengthBytes) {
        for (int i = 0; i < lengthBytes; i++) {
            byte b = line[i];
            if (b >= 0 && b < ' ' && b != '\t' || b == DELETE) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void reset() {
        length = 0;
        skipping = true;
    }

    @Override
    public long malformed() {
        return malformed;
    }

    @Override
    public long overruns() {
        return overruns;
    }
}
