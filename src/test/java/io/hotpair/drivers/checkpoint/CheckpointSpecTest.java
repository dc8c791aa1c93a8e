package io.hotpair.drivers.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointSpecTest {
    @Test
    void readsEachKind() {
        CheckpointSpec tcp = CheckpointSpec.parse("tcp:192.0.2.1:80").orElseThrow();
        assertEquals(CheckpointSpec.Kind.TCP, tcp.kind());
        assertEquals("192.0.2.1", tcp.address().getHostAddress());
        assertEquals(80, tcp.port());
        assertEquals(CheckpointSpec.Kind.UDP, CheckpointSpec.parse("udp:192.0.2.1:7").orElseThrow().kind());
        assertEquals(CheckpointSpec.Kind.ICMP, CheckpointSpec.parse("icmp:192.0.2.1").orElseThrow().kind());
        assertEquals(CheckpointSpec.Kind.ARP, CheckpointSpec.parse("arp:192.0.2.1").orElseThrow().kind());
        assertFalse(CheckpointSpec.parse("none").orElseThrow().configured());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp:192.0.2.1:80", "udp:192.0.2.1:65535", "icmp:192.0.2.1", "arp:192.0.2.1", "none"})
    void printsWhatItRead(String text) {
        assertEquals(text, CheckpointSpec.parse(text).orElseThrow().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "none:", "none:192.0.2.1", "sctp:192.0.2.1:80", "TCP:192.0.2.1:80", " tcp:192.0.2.1:80", "tcp:192.0.2.1", "udp:192.0.2.1", "tcp::80",
        "tcp:192.0.2.1:80:1", "tcp:192.0.2.1:http", "tcp:192.0.2.1:0", "tcp:192.0.2.1:65536", "icmp:192.0.2.1:1", "arp:", "icmp:router", "icmp:10.1",
        "icmp:300.0.2.1", "tcp:[::1]:80", "udp:[2001:db8::1]:7", "icmp:2001:db8::1", "icmp:::1"})
    void refusesAnythingElse(String text) {
        assertEquals(Optional.empty(), CheckpointSpec.parse(text));
    }
}
