package io.hotpair.core;

import io.hotpair.core.port.PulseChannel;
import io.hotpair.wire.Frame;
import io.hotpair.wire.Seal;
import java.util.Arrays;

/**
 * Decides what is believed of what arrives. Cheap checks come first; the boot id is looked at before the seal, so that a flood costs little.
 */
final class Receiver {
    private static final Reject[] REJECTS = Reject.values();
    /** Hellos whose seal is checked in one interval of a channel, in the long run. */
    private static final int HELLOS_PER_INTERVAL = 4;
    /** Hellos that are checked at once after a quiet time: what a pause of some hundred intervals leaves in a buffer. */
    private static final int HELLO_BURST = 512;
    /** Edges taken in one cycle: three codes make at most three edges an interval, the rest is noise. */
    private static final int EDGES_PER_CYCLE = 64;
    private static final int NO_SEQUENCE = -1;

    private final Board board;
    private final int bootId;
    private final Group[] groups;
    private final Transmitter transmitter;
    private final Frame frame = new Frame();
    private final long[] helloWindowNs = new long[CoreConfig.FRAME_CHANNELS];
    private final int[] helloBootId = new int[CoreConfig.FRAME_CHANNELS];
    private final long[] helloTxNs = new long[CoreConfig.FRAME_CHANNELS];
    private final long[] received = new long[CoreConfig.CHANNELS];
    private final long[] rejected = new long[REJECTS.length];
    /** Sequence of the newest heartbeat of the met boot, {@link #NO_SEQUENCE} before its first on the channel. */
    private final int[] sequence = new int[CoreConfig.FRAME_CHANNELS];
    private final long[] missed = new long[CoreConfig.FRAME_CHANNELS];

    Receiver(Board board, int bootId, Group[] groups, Transmitter transmitter) {
        Arrays.fill(helloWindowNs, board.startNs);
        this.board = board;
        this.bootId = bootId;
        this.groups = groups;
        this.transmitter = transmitter;
    }

    void onFrame(int channel, byte[] buffer, int offset, int lengthBytes, long nowNs) {
        Seal seal = board.ports.seals()[channel];
        if (lengthBytes != Frame.LENGTH_BYTES + seal.lengthBytes()) {
            reject(Reject.MALFORMED);
            return;
        }
        frame.wrap(buffer, offset);
        Reject cause = cheapChecks(channel, nowNs);
        if (cause == null && !seal.verify(buffer, offset, Frame.LENGTH_BYTES)) {
            cause = Reject.FORGED;
        }
        if (cause != null) {
            reject(cause);
            return;
        }
        received[channel]++;
        believe(channel, nowNs);
    }

    private Reject cheapChecks(int channel, long nowNs) {
        if (frame.version() != Frame.VERSION) {
            return Reject.VERSION;
        }
        if (!frame.wellFormed()) {
            return Reject.MALFORMED;
        }
        if (frame.board() == board.config.board() || frame.bootId() == bootId) {
            return Reject.FOREIGN;
        }
        if (frame.channel() != channel) {
            return Reject.MISROUTED;
        }
        if (board.peer.retired(frame.bootId())) {
            return Reject.OLD_BOOT;
        }
        if (frame.type() == Frame.DEAD) {
            return frame.bootId() == board.peer.bootId() ? null : Reject.OLD_BOOT;
        }
        return fromMetPeer() ? notNewer(board.peer.peerTxNs(channel)) : helloCheck(channel, nowNs);
    }

    private boolean fromMetPeer() {
        return frame.bootId() == board.peer.bootId() && namesThisBoot();
    }

    private boolean namesThisBoot() {
        return frame.peerBootId() == bootId;
    }

    private Reject notNewer(long knownTxNs) {
        return frame.txTimeNs() <= knownTxNs ? Reject.REPLAYED : null;
    }

    private Reject helloCheck(int channel, long nowNs) {
        if (frame.bootId() == helloBootId[channel] && frame.txTimeNs() <= helloTxNs[channel]) {
            return Reject.REPLAYED;
        }
        if (frame.bootId() == board.peer.bootId() && frame.txTimeNs() <= board.peer.peerTxNs(channel)) {
            return Reject.REPLAYED;
        }
        if (namesThisBoot() && board.peer.mayMeet(echoAtNs(nowNs), nowNs)) {
            return null; // an answer to this board's own frame: no recording can crowd it out
        }
        long everyNs = board.config.channelIntervalNs()[channel] / HELLOS_PER_INTERVAL;
        long spareNs = Math.min(nowNs - helloWindowNs[channel], HELLO_BURST * everyNs);
        if (spareNs < everyNs) {
            return Reject.FLOOD;
        }
        helloWindowNs[channel] = nowNs - spareNs + everyNs;
        return null;
    }

    private void believe(int channel, long nowNs) {
        for (int g = 0; g < groups.length; g++) {
            board.terms.heard(frame.term(g));
        }
        if (frame.type() == Frame.DEAD) {
            gone(nowNs);
        } else if (!fromMetPeer()) {
            hello(channel, nowNs);
        } else if (frame.type() != Frame.ANSWER || !board.peer.heardByFramesWithin(2 * board.config.intervalNs(), nowNs)) {
            life(channel, nowNs); // beside heartbeats an answer has nothing to say, and must not push aside the one that it has overtaken
        }
    }

    private void gone(long nowNs) {
        if (!board.peer.gone()) {
            board.peer.onGone(nowNs);
            board.tellPeer(false, frame.type() == Frame.DEAD ? EventCode.PEER_LOST : EventCode.PEER_LEFT, nowNs);
        }
    }

    private void hello(int channel, long nowNs) {
        helloBootId[channel] = frame.bootId();
        helloTxNs[channel] = frame.txTimeNs();
        if (namesThisBoot() && board.peer.mayMeet(echoAtNs(nowNs), nowNs)) {
            board.peer.meet(frame.bootId());
            Arrays.fill(sequence, NO_SEQUENCE);
            board.damping.onPeerBoot(nowNs);
            board.event(EventCode.PEER_MET, -1, 0, frame.bootId() & 0xFFFF_FFFFL, nowNs);
            for (Group group : groups) {
                group.onPeerMet();
            }
            life(channel, nowNs);
            board.urgent = true;
            return;
        }
        board.peer.onHello(nowNs);
        // Whoever still rehearses opens no gate for the settle time, and says more before: it keeps nobody from counting as alone.
        if ((namesThisBoot() && !frame.waiting()) || (claims() && frame.type() == Frame.HEARTBEAT)) {
            board.peer.onStranger(frame.bootId(), frame.txTimeNs(), namesThisBoot(), nowNs);
        }
        if (board.cycled) {
            transmitter.answerHello(channel, frame.bootId(), frame.txTimeNs(), nowNs);
        }
    }

    private boolean claims() {
        for (int g = 0; g < groups.length; g++) {
            if (frame.role(g) == Role.PRIMARY.ordinal()) {
                return true;
            }
        }
        return false;
    }

    private void life(int channel, long nowNs) {
        if (frame.type() == Frame.HEARTBEAT) {
            missed[channel] += sequence[channel] == NO_SEQUENCE ? 0 : (frame.sequence() - sequence[channel] - 1) & 0xFFFF;
            sequence[channel] = frame.sequence();
        }
        if (board.peer.inTime(channel, frame)) {
            board.lateness.onPeerHeard();
        }
        boolean newest = board.peer.onFrame(channel, frame, echoAtNs(nowNs), nowNs);
        if (frame.waiting()) {
            board.peer.onWaiting(echoAtNs(nowNs));
        }
        if (frame.leaving()) {
            gone(nowNs);
            return;
        }
        boolean beside = false;
        for (int g = 0; g < groups.length; g++) {
            boolean peerLeads = frame.role(g) == Role.PRIMARY.ordinal();
            groups[g].onStatement(Intent.of(frame.intent(g)), frame.term(g), nowNs);
            if (newest) {
                board.ports.replica().onPeerCommitIndex(g, peerLeads, frame.term(g), frame.commitIndex(g));
                tellCold(g, nowNs);
            }
            beside |= peerLeads && groups[g].role() == Role.STANDBY;
        }
        if (beside && !answeredByPeer()) {
            transmitter.answer(channel, nowNs);
        }
    }

    /** An answer to a hello returns what its sender has not acted on; a heartbeat what it has. */
    private void tellCold(int group, long nowNs) {
        if (frame.type() == Frame.HEARTBEAT && !frame.inSync(group) && echoAtNs(nowNs) != PeerView.NEVER) {
            board.ports.replica().onPeerCold(group, echoAtNs(nowNs));
        }
    }

    /** Where each board leads a group, only B answers: two that answer each other would slow each other down. */
    private boolean answeredByPeer() {
        boolean leads = false;
        for (Group group : groups) {
            leads |= group.role() == Role.PRIMARY;
        }
        return leads && board.config.board() == 0;
    }

    /** The own clock when the returned transmit time was sent, or {@link PeerView#NEVER} for none or one from the future. */
    private long echoAtNs(long nowNs) {
        long echoNs = frame.echoTimeNs();
        return !namesThisBoot() || echoNs == 0 || echoNs > nowNs - board.startNs ? PeerView.NEVER : board.startNs + echoNs;
    }

    /** Takes the edges that the GPIO line has seen. */
    void takeEdges(long nowNs) {
        PulseChannel pulse = board.ports.pulse();
        if (pulse == null) {
            return;
        }
        for (int i = 0; i < EDGES_PER_CYCLE; i++) {
            long edgeNs = pulse.pollEdgeNs();
            if (edgeNs == PulseChannel.NO_EDGE) {
                return;
            }
            if (board.peer.onEdge(edgeNs, nowNs)) {
                received[CoreConfig.GPIO]++;
                board.lateness.onPeerHeard();
            } else {
                reject(Reject.NOISE);
            }
        }
    }

    private void reject(Reject cause) {
        rejected[cause.ordinal()]++;
    }

    long received(int channel) {
        return received[channel];
    }

    long missed(int channel) {
        return missed[channel];
    }

    long rejected(Reject cause) {
        return rejected[cause.ordinal()];
    }
}
