package io.hotpair.sync.stream;

import io.hotpair.drivers.linux.EventFd;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Signals an {@link EventFd} from the network loop. The same as its {@link EventFd#signal}, but by Netty's native call: that one is free of garbage
 * only where the compiler can see through all of it, which deep inside the event loop it cannot (32 bytes a signal, measured).
 */
public final class Wake implements Runnable {
    private final FileDescriptor descriptor;
    private final ByteBuffer one = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, 1L);

    /** @param event stays the caller's, and open until the stream is closed */
    public Wake(EventFd event) {
        descriptor = new FileDescriptor(event.fd());
    }

    @Override
    public void run() {
        try {
            descriptor.write(one, 0, Long.BYTES); // a full counter, the one failure, means that it is signalled already
        } catch (IOException e) {
            throw new IllegalStateException("the duty cycle cannot be woken", e);
        }
    }
}
