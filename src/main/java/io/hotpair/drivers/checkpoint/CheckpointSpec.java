package io.hotpair.drivers.checkpoint;

import java.net.Inet4Address;
import java.util.Locale;
import java.util.Optional;

/**
 * What a checkpoint is and where: {@code tcp:ADDRESS:PORT}, {@code udp:ADDRESS:PORT}, {@code icmp:ADDRESS}, {@code arp:ADDRESS} or {@code none}.
 *
 * <p>The address is numeric, for a name service may be gone just when the answer matters; and of IPv4, as ARP is.
 *
 * @param address null for {@link Kind#NONE}
 * @param port 0 but for {@link Kind#TCP} and {@link Kind#UDP}
 */
public record CheckpointSpec(Kind kind, Inet4Address address, int port) {
    /** No checkpoint. */
    public static final CheckpointSpec NONE = new CheckpointSpec(Kind.NONE, null, 0);

    /** What {@link #parse} reads, for a message. */
    public static final String FORMS = "\"tcp:ADDRESS:PORT\", \"udp:ADDRESS:PORT\", \"icmp:ADDRESS\", \"arp:ADDRESS\" or \"none\", the address numeric, of IPv4";

    /** How it is asked. */
    public enum Kind {
        /** Not at all. */
        NONE(false),
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

        private static Optional<Kind> of(String name) {
            for (Kind kind : values()) {
                if (kind.toString().equals(name)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }

        /** As written in the file. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Empty if the text is none of the {@link #FORMS}. */
    public static Optional<CheckpointSpec> parse(String text) {
        if (text.equals(NONE.toString())) {
            return Optional.of(NONE);
        }
        String[] parts = text.split(":", -1);
        Kind kind = Kind.of(parts[0]).orElse(Kind.NONE);
        if (kind == Kind.NONE || parts.length != (kind.hasPort ? 3 : 2)) {
            return Optional.empty();
        }
        int port = kind.hasPort ? port(parts[2]) : 0;
        return port < 0 ? Optional.empty() : address(parts[1]).map(address -> new CheckpointSpec(kind, address, port));
    }

    /** -1 if it is none. */
    private static int port(String text) {
        return text.matches("[1-9]\\d{0,4}") && Integer.parseInt(text) <= 65_535 ? Integer.parseInt(text) : -1;
    }

    private static Optional<Inet4Address> address(String text) {
        // Inet4Address also reads "10.1" and "3232235521"; in a configuration those are slips of the pen.
        if (!text.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Inet4Address.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether there is one. */
    public boolean configured() {
        return kind != Kind.NONE;
    }

    /** As written in the file. */
    @Override
    public String toString() {
        return kind == Kind.NONE ? "none" : kind + ":" + address.getHostAddress() + (kind.hasPort ? ":" + port : "");
    }
}
