package io.hotpair.drivers.uart;

import io.hotpair.wire.UartFraming;

/** Heartbeat frames: {@link UartFraming}. */
final class CobsFraming implements Framing {
    private final UartFraming decoder;

    CobsFraming(int maxFrameBytes) {
        decoder = new UartFraming(maxFrameBytes);
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
        decoder.reset();
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
