package io.hotpair.sim;

/** What both boards are configured to, as far as the simulator varies it. */
final class Profile {
    static final int TAKEOVER = 0;
    static final int HOLD = 1;
    static final int INTERLOCK = 2;

    /** The data path, or null: then each board has a toy in its place and only the roles are looked at. */
    DataProfile data;
    int policy = TAKEOVER;
    int groups = 1;
    long intervalNs = 1_000_000;
    boolean realHmac;
    int voluntaryChanges = 2;
    long dampingWindowNs = 500_000_000L;
    long arbitrationNs = 1_000_000;
    int misses = 3;

    String text() {
        return (policy == TAKEOVER ? "takeover" : policy == HOLD ? "hold" : "interlock") + ", groups " + groups + ", interval "
                + intervalNs / 1000 + " us" + (realHmac ? ", HMAC" : "") + (data == null ? "" : data.text());
    }

    /** Silence that ends a peer's life. */
    long silenceNs() {
        return misses * intervalNs;
    }

    /** The takeover bound: silence and arbitration. */
    long takeoverNs() {
        return silenceNs() + arbitrationNs;
    }

    /** A cycle older than this may not emit. */
    long leaseNs() {
        return intervalNs * 5 / 2;
    }

    /** Unheard for so long, a primary may count as alone. */
    long aloneNs() {
        return intervalNs * 3 / 2;
    }

    /** How long a joining board listens before it believes that nobody is there. */
    long settleNs() {
        return 2 * takeoverNs() + 2 * intervalNs;
    }

    /** How long it waits for every network and checkpoint. */
    long settleMaxNs() {
        return Math.max(200_000_000, 4 * settleNs());
    }

    long checkpointIntervalNs() {
        return 100_000_000;
    }
}
