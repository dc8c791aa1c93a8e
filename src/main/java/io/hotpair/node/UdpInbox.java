package io.hotpair.node;

import io.hotpair.drivers.ethernet.UdpChannel;

/** A network may have no route yet, or lose it: then the socket is connected again when it can be. */
final class UdpInbox implements DutyCycle.Inbox {
    private final UdpChannel udp;

    UdpInbox(UdpChannel udp) {
        this.udp = udp;
    }

    @Override
    public int receive(byte[] destination) {
        return udp.receive(destination);
    }

    @Override
    public void maintain() {
        if (!udp.connected()) {
            udp.ensureConnected();
        }
    }
}
