package io.hotpair.sync.stream;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;

/** Memory that a batch is sent from; once the socket has taken it, it is there for the next batch. Only on the network loop. */
final class SendBuffer extends UnpooledDirectByteBuf {
    /** Where used buffers go. */
    interface Home {
        void returned(SendBuffer buffer);
    }

    private final Home home;
    private boolean retired;

    SendBuffer(int capacityBytes, Home home) {
        super(UnpooledByteBufAllocator.DEFAULT, capacityBytes, capacityBytes);
        this.home = home;
    }

    /** Given back for good: now if it is at home, else when it comes home. */
    void retire(boolean atHome) {
        retired = true;
        if (atHome) {
            release();
        }
    }

    @Override
    protected void deallocate() {
        if (retired) {
            super.deallocate();
        } else {
            resetRefCnt();
            clear();
            home.returned(this);
        }
    }
}
