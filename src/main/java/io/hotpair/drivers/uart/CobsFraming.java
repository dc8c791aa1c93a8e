package io.hotpair.drivers.uart;

import io.hotpair.wire.UartFraming;

/** Binary frames: {@link UartFraming}. */
final class CobsFraming implements Framing {
    private final UartFraming decoder;
    private final boolean sealed;

    /**
     * @param sealed whether each frame proves what it is. If not, what comes before the first zero after the device was opened is dropped: the end
     *     of a frame may look like one
     */
    CobsFraming(int maxFrameBytes, boolean sealed) {
        decoder = new UartFraming(maxFrameBytes);
        this.sealed = sealed;
        reset();
    }

    @Override
    public int encodedLengthMax(int lengthBytes) {
        return UartFraming.encodedLengthMax(lengthBytes);
    }

    @Override
    public int encode(byte[] src, int offset, int lengthBytes, byte[] dst) {
        return UartFraming.encode(src, offset, lengthBytes, dst); // a zero in front ends a frame that was taken in part
    }

    @Override
    public void feed(byte[] chunk, int lengthBytes, UartFraming.FrameHandler handler) {
        decoder.feed(chunk, lengthBytes, handler);
    }

    @Override
    public void reset() {
        if (sealed) {
            decoder.reset();
        } else {
            decoder.skip();
        }
    }

    @Override
    public long malformed() {
        return decoder.malformed();
    }

    @Override
    public long overruns() {
        return decoder.overruns();
    }
}
