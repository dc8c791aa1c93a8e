package io.hotpair.drivers.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointSpecTest {
    @Test
    void readsEachKind() {
        CheckpointSpec tcp = CheckpointSpec.parse(" tcp:192.0.2.1:80 ");
        assertEquals(CheckpointSpec.Kind.TCP, tcp.kind());
        assertEquals("192.0.2.1", tcp.address().getHostAddress());
        assertEquals(80, tcp.port());
        assertEquals(CheckpointSpec.Kind.UDP, CheckpointSpec.parse("udp:192.0.2.1:7").kind());
        assertEquals(CheckpointSpec.Kind.ICMP, CheckpointSpec.parse("icmp:192.0.2.1").kind());
        assertEquals(CheckpointSpec.Kind.ARP, CheckpointSpec.parse("arp:192.0.2.1").kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp:192.0.2.1:80", "udp:192.0.2.1:7", "icmp:192.0.2.1", "arp:192.0.2.1"})
    void printsWhatItRead(String text) {
        assertEquals(text, CheckpointSpec.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "sctp:192.0.2.1:80, none of tcp",
        "'', none of tcp",
        "tcp:192.0.2.1, host and a port",
        "udp:192.0.2.1, host and a port",
        "tcp::80, host and a port",
        "tcp:192.0.2.1:80:1, host and a port",
        "tcp:192.0.2.1:http, no number",
        "tcp:192.0.2.1:0, outside 1..65535",
        "tcp:192.0.2.1:65536, outside 1..65535",
        "icmp:192.0.2.1:1, no port",
        "arp:, no port"
    })
    void saysWhatIsWrong(String text, String part) {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> CheckpointSpec.parse(text));
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }
}
