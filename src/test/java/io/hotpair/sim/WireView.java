package io.hotpair.sim;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads frames for the checkers, from the documented layout and without the production decoder. */
final class WireView {
    static final int MESSAGE_BYTES = 48;
    static final int DEAD = 2;
    static final int ANSWER = 3;
    static final int ROLE_BOOT = 0;
    static final int ROLE_JOINING = 1;
    static final int ROLE_STANDBY = 2;
    static final int ROLE_PRIMARY = 3;
    static final int ROLE_ISOLATED = 4;
    static final int ROLE_FAULT = 5;
    static final int INTENT_READY = 2;
    static final int INTENT_RELEASED = 3;
    private static final String[] ROLES = {"BOOT", "JOINING", "STANDBY", "PRIMARY", "ISOLATED", "FAULT", "6?", "7?"};
    private static final String[] TYPES = {"0?", "beat", "DEAD", "answer"};
    private static final String[] INTENTS = {"", "+prepare", "+ready", "+released"};

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private WireView() {
    }

    static int type(byte[] b, int at) {
        return b[at] & 0x0F;
    }

    static int board(byte[] b, int at) {
        return b[at + 1] & 1;
    }

    static int channel(byte[] b, int at) {
        return b[at + 1] >>> 1 & 3;
    }

    static boolean mayLead(byte[] b, int at) {
        return (b[at + 1] & 0x08) != 0;
    }

    static boolean leaving(byte[] b, int at) {
        return (b[at + 1] & 0x10) != 0;
    }

    static boolean waiting(byte[] b, int at) {
        return (b[at + 1] & 0x40) != 0;
    }

    static int bootId(byte[] b, int at) {
        return (int) INT.get(b, at + 4);
    }

    static long txTimeNs(byte[] b, int at) {
        return (long) LONG.get(b, at + 8);
    }

    static long echoTimeNs(byte[] b, int at) {
        return (long) LONG.get(b, at + 16);
    }

    static int peerBootId(byte[] b, int at) {
        return (int) INT.get(b, at + 24);
    }

    static long term(byte[] b, int at, int group) {
        return (int) INT.get(b, at + 28 + 4 * group) & 0xFFFF_FFFFL;
    }

    static int role(byte[] b, int at, int group) {
        return b[at + 46 + group] & 0x07;
    }

    static int intent(byte[] b, int at, int group) {
        return b[at + 46 + group] >>> 3 & 0x03;
    }

    static boolean inSync(byte[] b, int at, int group) {
        return (b[at + 46 + group] & 0x20) != 0;
    }

    static int verdict(byte[] b, int at, int group) {
        return (b[at + 46 + group] & 0xC0) >>> 6;
    }

    static long digest(byte[] b, int at) {
        long sum = (long) LONG.get(b, at);
        for (int i = 8; i < MESSAGE_BYTES; i += 8) {
            sum = sum * 0x9E3779B97F4A7C15L ^ (long) LONG.get(b, at + i);
        }
        return sum;
    }

    static String roleName(int role) {
        return ROLES[role & 7];
    }

    static String text(byte[] b, int at, int groups) {
        StringBuilder s = new StringBuilder();
        s.append(TYPES[type(b, at) & 3]).append(" boot=").append(Integer.toHexString(bootId(b, at)))
                .append(" names=").append(Integer.toHexString(peerBootId(b, at))).append(" tx=").append(txTimeNs(b, at) / 1000)
                .append("us echo=").append(echoTimeNs(b, at) / 1000).append("us");
        for (int g = 0; g < groups; g++) {
            s.append(" g").append(g).append('=').append(roleName(role(b, at, g))).append(INTENTS[intent(b, at, g)])
                    .append('/').append(term(b, at, g)).append(inSync(b, at, g) ? " sync" : "");
            if (verdict(b, at, g) != 0) {
                s.append(" verdict=").append(verdict(b, at, g) == 2 ? 'A' : 'B');
            }
        }
        return s.append(mayLead(b, at) ? "" : " may-not-lead").append(leaving(b, at) ? " leaving" : "").append(waiting(b, at) ? " waiting" : "").toString();
    }
}
