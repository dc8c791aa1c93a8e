package io.hotpair.cli;

import io.hotpair.drivers.checkpoint.ProbeThread;
import io.hotpair.drivers.checkpoint.RemoteCheckpoint;
import io.hotpair.drivers.linux.Downcall;
import io.hotpair.drivers.linux.EventFd;
import io.hotpair.drivers.linux.Poller;
import io.hotpair.node.config.Config;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Asks a board's checkpoints as a node would, and measures how long they take: in total silence an answer has to come within
 * {@code timing.arbitration}.
 */
final class CheckpointTrial {
    private static final int PROBES = 50;
    private static final long ANSWER_TIMEOUT_NS = 200_000_000L;
    /** This many unanswered ones in a row settle the matter. */
    private static final int PATIENCE = 5;

    /**
     * What came of one network's checkpoint.
     *
     * @param network "a" or "b"
     * @param roundTripNs of the answered probes, rising
     */
    record Result(String network, String checkpoint, int sent, long[] roundTripNs) {
        int answered() {
            return roundTripNs.length;
        }

        long medianNs() {
            return roundTripNs[roundTripNs.length / 2];
        }

        long worstNs() {
            return roundTripNs[roundTripNs.length - 1];
        }

        /** Whether every probe was answered within the budget. */
        boolean within(long budgetNs) {
            return answered() == sent && worstNs() <= budgetNs;
        }
    }

    private CheckpointTrial() {
    }

    /** One result for each configured checkpoint of the board. @throws EnvironmentException if probing is not possible here, with the cure */
    static List<Result> run(Config.Board board) {
        List<Result> results = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
            Config.Network network = board.network(n).orElse(null);
            if (network != null && network.checkpoint().configured()) {
                results.add(ask(n == 0 ? "a" : "b", network));
            }
        }
        return results;
    }

    private static Result ask(String name, Config.Network network) {
        String checkpoint = network.checkpoint().toString();
        try {
            Downcall.load();
        } catch (IOException e) {
            throw new EnvironmentException(e.getMessage(), e);
        }
        Poller poller = new Poller(1);
        try (poller; EventFd answered = new EventFd(); ProbeThread probes = new ProbeThread(answered, 0)) {
            poller.add(answered.fd());
            RemoteCheckpoint remote = probes.add(network.checkpoint(), network.interfaceName().orElse(null));
            probes.start();
            long[] roundTripNs = new long[PROBES];
            int count = 0;
            int sent = 0;
            for (int missed = 0; sent < PROBES && missed < PATIENCE; sent++) {
                long took = roundTrip(remote, poller, answered);
                missed = took < 0 ? missed + 1 : 0;
                if (took >= 0) {
                    roundTripNs[count++] = took;
                }
            }
            long[] rising = Arrays.copyOf(roundTripNs, count);
            Arrays.sort(rising);
            return new Result(name, checkpoint, sent, rising);
        } catch (IOException e) {
            throw new EnvironmentException("network." + name + ".checkpoint " + checkpoint + ": " + e.getMessage(), e);
        }
    }

    /** As the duty cycle sees it, its own waking included; -1 if there was no answer. */
    private static long roundTrip(RemoteCheckpoint remote, Poller poller, EventFd answered) {
        long sentNs = System.nanoTime();
        remote.probe(sentNs);
        while (remote.newestAnsweredProbeNs() != sentNs) {
            long leftNs = sentNs + ANSWER_TIMEOUT_NS - System.nanoTime();
            if (leftNs <= 0) {
                return -1;
            }
            if (poller.await(leftNs) > 0) {
                answered.drain();
            }
        }
        return System.nanoTime() - sentNs;
    }
}
