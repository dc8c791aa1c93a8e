package io.hotpair.drivers.checkpoint;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * What a checkpoint is and where: {@code tcp:host:port}, {@code udp:host:port}, {@code icmp:host} or {@code arp:host}.
 *
 * @param address resolved once, at start: a name service may be gone just when the answer matters
 * @param port 0 unless TCP or UDP
 */
public record CheckpointSpec(Kind kind, String host, Inet4Address address, int port) {
    /** How it is asked. */
    public enum Kind {
        /** A completed TCP connection. Tells that the host's kernel and the listening socket live; needs no right. */
        TCP(true),
        /** A datagram that is returned, as by the echo service of RFC 862. Leaves nothing behind at the checkpoint; needs no right. */
        UDP(true),
        /** An ICMP echo reply. Needs net.ipv4.ping_group_range or CAP_NET_RAW. */
        ICMP(false),
        /** An ARP reply. Tells that the host is on this very segment; needs CAP_NET_RAW and an interface name. */
        ARP(false);

        private final boolean hasPort;

        Kind(boolean hasPort) {
            this.hasPort = hasPort;
        }
    }

    /** @throws IllegalArgumentException saying what is wrong and what is right */
    public static CheckpointSpec parse(String text) {
        String[] parts = text.strip().split(":", -1);
        Kind kind = switch (parts[0]) {
            case "tcp" -> Kind.TCP;
            case "udp" -> Kind.UDP;
            case "icmp" -> Kind.ICMP;
            case "arp" -> Kind.ARP;
            default -> throw wrong(text, "its kind is none of tcp, udp, icmp, arp");
        };
        if (parts.length != (kind.hasPort ? 3 : 2) || parts[1].isEmpty()) {
            throw wrong(text, kind.hasPort ? "a host and a port are expected" : "a host and no port is expected");
        }
        int port = 0;
        if (kind.hasPort) {
            try {
                port = Integer.parseInt(parts[2]);
            } catch (NumberFormatException notANumber) {
                throw wrong(text, "the port is no number");
            }
            if (port < 1 || port > 65535) {
                throw wrong(text, "the port is outside 1..65535");
            }
        }
        return new CheckpointSpec(kind, parts[1], resolve(text, parts[1]), port);
    }

    private static Inet4Address resolve(String text, String host) {
        try {
            for (InetAddress candidate : InetAddress.getAllByName(host)) {
                if (candidate instanceof Inet4Address ip) {
                    return ip;
                }
            }
        } catch (UnknownHostException unknown) {
            throw wrong(text, "\"" + host + "\" cannot be resolved; an address in figures needs no name service");
        }
        throw wrong(text, "\"" + host + "\" has no IPv4 address");
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException("checkpoint \"" + text + "\": " + why + " (tcp:HOST:PORT, udp:HOST:PORT, icmp:HOST or arp:HOST)");
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + ":" + host + (port == 0 ? "" : ":" + port);
    }
}
