package io.hotpair.lab;

/** A way to lose the primary. */
public enum FaultKind {
    /** The node process dies at once; its guard lives and says so. */
    KILL("process death", "kill -9 of the primary's node process", 1_500_000),
    /** The node process stands still for a while and then goes on. */
    HANG("hang", "SIGSTOP of the primary's node process, then SIGCONT", 5_000_000),
    /** Everything of the board is dark at one instant, and nothing is said. */
    POWER("power cut", "every path of the primary dark at once", 5_000_000);

    private final String title;
    private final String explanation;
    private final long targetNs;

    FaultKind(String title, String explanation, long targetNs) {
        this.title = title;
        this.explanation = explanation;
        this.targetNs = targetNs;
    }

    /** How a reader calls it. */
    public String title() {
        return title;
    }

    /** What is done. */
    public String explanation() {
        return explanation;
    }

    /** Largest median takeover time that the design allows, ns. */
    public long targetNs() {
        return targetNs;
    }
}
