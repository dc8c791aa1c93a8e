package io.hotpair.node.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Numeric addresses. Names are not accepted: nothing on the way to a decision may wait for a name service. */
final class Addresses {
    private Addresses() {
    }

    /** {@code 192.0.2.1:7400} or {@code [2001:db8::1]:7400}; empty for anything else. */
    static Optional<InetSocketAddress> parseEndpoint(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        String port = text.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed) {
            host = host.substring(1, host.length() - 1);
        }
        if (!port.matches("[1-9]\\d{0,4}") || Integer.parseInt(port) > 65_535) {
            return Optional.empty();
        }
        return parse(host)
                .filter(address -> address instanceof Inet6Address == bracketed)
                .map(address -> new InetSocketAddress(address, Integer.parseInt(port)));
    }

    /** {@code 192.0.2.1} or {@code 2001:db8::1}; empty for anything else. */
    static Optional<InetAddress> parse(String text) {
        // Inet4Address also reads "10.1" and "3232235521"; in a configuration those are slips of the pen.
        if (!text.contains(":") && !text.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The inverse of {@link #parseEndpoint}. */
    static String format(InetSocketAddress endpoint) {
        String host = endpoint.getAddress().getHostAddress();
        return (endpoint.getAddress() instanceof Inet6Address ? '[' + host + ']' : host) + ':' + endpoint.getPort();
    }
}
