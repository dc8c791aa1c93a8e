package io.hotpair.sim;

/**
 * The wires between the boards: Ethernet A and B through a switch each, the UART, and the two GPIO lines; and the way to each network's
 * checkpoint. A direction is named by its sender.
 */
final class Net {
    static final int ETHERNET_A = 0;
    static final int ETHERNET_B = 1;
    static final int UART = 2;
    static final int GPIO = 3;
    static final int CHANNELS = 4;

    /** 10 bits a byte on a line of 921,600 baud. */
    private static final long UART_BYTE_NS = 10_851;
    /** A driver that still holds more than this refuses a frame. */
    private static final long UART_BACKLOG_NS = 700_000;
    /** COBS and its delimiter. */
    private static final int UART_FRAMING_BYTES = 2;

    static final int SLOTS = 4096;
    static final int SLOT_BYTES = 80;

    private final World world;
    private final SimRandom random;

    final boolean[][] cableOut = new boolean[2][2];
    final boolean[] switchDead = new boolean[2];
    final boolean[] checkpointDead = new boolean[2];
    final boolean[][] checkpointBlocked = new boolean[2][2];
    final boolean[][] cut = new boolean[CHANNELS][2];
    final int[][] lossPermille = new int[CHANNELS][2];
    final int[][] duplicatePermille = new int[CHANNELS][2];
    final int[][] corruptPermille = new int[CHANNELS][2];
    final long[][] extraDelayNs = new long[CHANNELS][2];
    final long[][] extraJitterNs = new long[CHANNELS][2];
    final long[] delayNs = new long[CHANNELS];
    final long[] jitterNs = new long[CHANNELS];
    private final long[] uartFreeNs = new long[2];
    /** When each board last sent on each channel. */
    final long[][] lastSentNs = new long[2][CHANNELS];
    long probeRoundTripNs = 300_000;
    long probeJitterNs = 100_000;

    final byte[] arena = new byte[SLOTS * SLOT_BYTES];
    final byte[] slotLength = new byte[SLOTS];
    final byte[] slotChannel = new byte[SLOTS];
    /** What arrived is what the peer sent, for the first time. */
    final boolean[] slotGenuine = new boolean[SLOTS];
    final long[] slotSentNs = new long[SLOTS];
    private final int[] freeSlots = new int[SLOTS];
    private int freeCount;

    Net(World world, SimRandom random) {
        this.world = world;
        this.random = random;
        for (int i = 0; i < SLOTS; i++) {
            freeSlots[i] = SLOTS - 1 - i;
        }
        freeCount = SLOTS;
        delayNs[ETHERNET_A] = 60_000;
        delayNs[ETHERNET_B] = 60_000;
        delayNs[UART] = 20_000;
        delayNs[GPIO] = 5_000;
        for (int c = 0; c < CHANNELS; c++) {
            jitterNs[c] = c == GPIO ? 5_000 : 20_000;
        }
    }

    /** Mends every wire at once. */
    void heal() {
        for (int b = 0; b < 2; b++) {
            switchDead[b] = false;
            checkpointDead[b] = false;
            for (int n = 0; n < 2; n++) {
                cableOut[b][n] = false;
                checkpointBlocked[b][n] = false;
            }
            for (int c = 0; c < CHANNELS; c++) {
                cut[c][b] = false;
                lossPermille[c][b] = 0;
                duplicatePermille[c][b] = 0;
                corruptPermille[c][b] = 0;
                extraDelayNs[c][b] = 0;
                extraJitterNs[c][b] = 0;
            }
        }
    }

    int takeSlot() {
        if (freeCount == 0) {
            throw new IllegalStateException("more frames in flight than slots");
        }
        return freeSlots[--freeCount];
    }

    void freeSlot(int slot) {
        freeSlots[freeCount++] = slot;
    }

    boolean carrier(int board, int network) {
        return !cableOut[board][network] && !switchDead[network];
    }

    boolean passes(int channel, int sender) {
        if (cut[channel][sender]) {
            return false;
        }
        return channel > ETHERNET_B || carrier(0, channel) && carrier(1, channel);
    }

    /** Whether the channel carries everything, in time, both ways. */
    boolean clean(int channel) {
        for (int sender = 0; sender < 2; sender++) {
            if (!passes(channel, sender) || lossPermille[channel][sender] > 0 || corruptPermille[channel][sender] > 0
                    || extraDelayNs[channel][sender] > 0 || extraJitterNs[channel][sender] > 0) {
                return false;
            }
        }
        return true;
    }

    boolean checkpointReachable(int board, int network) {
        return carrier(board, network) && !checkpointDead[network] && !checkpointBlocked[board][network];
    }

    /** The longest that a frame sent now may be on its way. */
    long worstDelayNs(int sender) {
        long worst = 0;
        for (int c = 0; c < CHANNELS; c++) {
            long serial = c == UART ? 2 * (WireView.MESSAGE_BYTES + 6) * UART_BYTE_NS : 0;
            worst = Math.max(worst, delayNs[c] + jitterNs[c] + extraDelayNs[c][sender] + extraJitterNs[c][sender] + serial);
        }
        return worst;
    }

    /** A board, or its guard, sends a frame. */
    boolean send(int sender, int channel, byte[] buffer, int offset, int lengthBytes) {
        long nowNs = world.nowNs();
        long onTheWayNs = delayNs[channel] + extraDelayNs[channel][sender];
        lastSentNs[sender][channel] = nowNs;
        if (channel == UART) {
            if (uartFreeNs[sender] - nowNs > UART_BACKLOG_NS) {
                return false;
            }
            uartFreeNs[sender] = Math.max(uartFreeNs[sender], nowNs) + (lengthBytes + UART_FRAMING_BYTES) * UART_BYTE_NS;
            onTheWayNs += uartFreeNs[sender] - nowNs;
        }
        if (channel <= ETHERNET_B) {
            world.attacker().overhear(1 - sender, buffer, offset, lengthBytes);
        }
        if (!passes(channel, sender) || random.permille(lossPermille[channel][sender])) {
            return true;
        }
        boolean genuine = true;
        do {
            long jitter = jitterNs[channel] == 0 ? 0 : random.below((int) jitterNs[channel]);
            if (extraJitterNs[channel][sender] > 0) {
                jitter += random.between(0, extraJitterNs[channel][sender]);
            }
            boolean corrupt = random.permille(corruptPermille[channel][sender]);
            put(1 - sender, channel, buffer, offset, lengthBytes, nowNs + onTheWayNs + jitter, genuine && !corrupt, corrupt);
            genuine = false;
        } while (random.permille(duplicatePermille[channel][sender]));
        return true;
    }

    /** Puts a frame on its way to {@code receiver}. */
    void put(int receiver, int channel, byte[] buffer, int offset, int lengthBytes, long atNs, boolean genuine, boolean corrupt) {
        int slot = takeSlot();
        int at = slot * SLOT_BYTES;
        System.arraycopy(buffer, offset, arena, at, lengthBytes);
        int length = lengthBytes;
        if (corrupt) {
            if (random.oneIn(6)) {
                length = random.below(lengthBytes);
            } else {
                for (int i = random.below(3); i >= 0; i--) {
                    arena[at + random.below(lengthBytes)] ^= (byte) (1 << random.below(8));
                }
            }
        }
        slotLength[slot] = (byte) length;
        slotChannel[slot] = (byte) channel;
        slotGenuine[slot] = genuine;
        slotSentNs[slot] = world.nowNs();
        world.at(atNs, World.FRAME, receiver, slot);
    }

    /** A board inverts its GPIO line. */
    void toggle(int sender) {
        if (!cut[GPIO][sender] && !random.permille(lossPermille[GPIO][sender])) {
            long jitter = random.below((int) jitterNs[GPIO] + 1) + extraDelayNs[GPIO][sender];
            world.at(world.nowNs() + delayNs[GPIO] + jitter, World.EDGE, 1 - sender, 1);
        }
    }
}
