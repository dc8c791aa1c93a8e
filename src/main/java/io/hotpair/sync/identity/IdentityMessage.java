package io.hotpair.sync.identity;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The messages of the identity connection, protocol version 1, little endian. All have a fixed size, told by the type.
 *
 * <pre>
 * Every message (8 bytes; never changes, so that any two versions can tell each other apart)
 *    0  u32  magic "HPID"
 *    4  u16  protocol version
 *    6  u8   type: 1 HELLO, 2 PROOF, 3 REJECT
 *    7  u8   HELLO: board id; PROOF: 0; REJECT: reason, 1 wrong key, 2 busy
 * HELLO (32 bytes)
 *    8  u32  boot id, not 0
 *   12  u8   what the connection is for: 0 to say who is there, 1 the stream; both sides say the same
 *   13       3 zeros
 *   16  16 B nonce
 * PROOF (160 bytes)
 *    8 120 B statement:
 *          0  u8   length of the software version, then UTF-8 in 63 bytes, zeros behind
 *         64  32 B digest of the configuration
 *         96  u64  age of the node, ns
 *        104  u8   role in group 0        105  u8   role in group 1       106  u16  0
 *        108  u32  term of group 0        112  u32  term of group 1
 *        116  u32  flags
 *  128  32 B HMAC-SHA256, see {@link IdentityHandshake}
 * REJECT (8 bytes)
 * </pre>
 */
public final class IdentityMessage {
    /** Groups of a pair, at most. */
    public static final int GROUPS = 2;
    /** Bytes of a configuration digest. */
    public static final int DIGEST_LENGTH = 32;
    /** Longest software version, in bytes of UTF-8. */
    public static final int MAX_SOFTWARE_VERSION_BYTES = 63;

    private static final Purpose[] PURPOSES = Purpose.values();

    static final int MAGIC = 0x4449_5048; // "HPID"
    static final int VERSION = 1;

    static final int HELLO = 1;
    static final int PROOF = 2;
    static final int REJECT = 3;

    static final int REASON_WRONG_KEY = 1;
    static final int REASON_BUSY = 2;

    static final int PREFIX_LENGTH = 8;
    static final int HELLO_LENGTH = 32;
    static final int STATEMENT_LENGTH = 120;
    static final int PROOF_LENGTH = 160;
    static final int NONCE_LENGTH = 16;

    static final int STATEMENT_OFFSET = 8;
    static final int MAC_OFFSET = STATEMENT_OFFSET + STATEMENT_LENGTH;

    private static final int VERSION_OFFSET = 4;
    private static final int TYPE_OFFSET = 6;
    private static final int ARGUMENT_OFFSET = 7;
    private static final int BOOT_ID_OFFSET = 8;
    private static final int PURPOSE_OFFSET = 12;
    private static final int NONCE_OFFSET = 16;

    private static final int SOFTWARE_SLOT_LENGTH = 64;
    private static final int DIGEST_OFFSET = 64;
    private static final int AGE_OFFSET = 96;
    private static final int ROLES_OFFSET = 104;
    private static final int STATEMENT_ZERO_OFFSET = 106;
    private static final int TERMS_OFFSET = 108;
    private static final int FLAGS_OFFSET = 116;

    /**
     * What a board says of itself once it has proved who it is.
     *
     * @param softwareVersion at most 63 bytes of UTF-8
     * @param configDigest 32 bytes
     * @param ageNs how long the node has been running
     * @param role0 role byte of group 0, and so on
     * @param term0 unsigned 32 bits
     */
    public record Statement(String softwareVersion, byte[] configDigest, long ageNs, int role0, int role1, long term0, long term1, int flags) {
        /** Checks the sizes. */
        public Statement {
            if (configDigest.length != DIGEST_LENGTH) {
                throw new IllegalArgumentException("configuration digest of " + configDigest.length + " bytes instead of " + DIGEST_LENGTH);
            }
            int bytes = softwareVersion.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_SOFTWARE_VERSION_BYTES) {
                throw new IllegalArgumentException("software version of " + bytes + " bytes, more than " + MAX_SOFTWARE_VERSION_BYTES);
            }
        }

        /** Whether both boards run the same configuration. */
        public boolean sameConfig(byte[] ownDigest) {
            return Arrays.equals(configDigest, ownDigest);
        }
    }

    private IdentityMessage() {}

    private static ByteBuffer le(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer begin(int length, int type, int argument) {
        return le(new byte[length]).putInt(0, MAGIC).putShort(VERSION_OFFSET, (short) VERSION)
                .put(TYPE_OFFSET, (byte) type).put(ARGUMENT_OFFSET, (byte) argument);
    }

    static byte[] hello(int board, int bootId, Purpose purpose, byte[] nonce) {
        return begin(HELLO_LENGTH, HELLO, board).putInt(BOOT_ID_OFFSET, bootId).put(PURPOSE_OFFSET, (byte) purpose.ordinal())
                .put(NONCE_OFFSET, nonce, 0, NONCE_LENGTH).array();
    }

    /** A proof whose code is still to be filled in at {@link #MAC_OFFSET}. */
    static byte[] proof(Statement statement) {
        byte[] software = statement.softwareVersion().getBytes(StandardCharsets.UTF_8);
        int at = STATEMENT_OFFSET;
        return begin(PROOF_LENGTH, PROOF, 0)
                .put(at, (byte) software.length)
                .put(at + 1, software)
                .put(at + DIGEST_OFFSET, statement.configDigest())
                .putLong(at + AGE_OFFSET, statement.ageNs())
                .put(at + ROLES_OFFSET, (byte) statement.role0())
                .put(at + ROLES_OFFSET + 1, (byte) statement.role1())
                .putInt(at + TERMS_OFFSET, (int) statement.term0())
                .putInt(at + TERMS_OFFSET + 4, (int) statement.term1())
                .putInt(at + FLAGS_OFFSET, statement.flags())
                .array();
    }

    static byte[] reject(int reason) {
        return begin(PREFIX_LENGTH, REJECT, reason).array();
    }

    static boolean hasMagic(byte[] message) {
        return le(message).getInt(0) == MAGIC;
    }

    static int version(byte[] message) {
        return Short.toUnsignedInt(le(message).getShort(VERSION_OFFSET));
    }

    static int type(byte[] message) {
        return message[TYPE_OFFSET];
    }

    /** Whole length of a message of this type, or -1 if there is no such type. */
    static int length(int type) {
        return switch (type) {
            case HELLO -> HELLO_LENGTH;
            case PROOF -> PROOF_LENGTH;
            case REJECT -> PREFIX_LENGTH;
            default -> -1;
        };
    }

    static int argument(byte[] message) {
        return Byte.toUnsignedInt(message[ARGUMENT_OFFSET]);
    }

    static int bootId(byte[] hello) {
        return le(hello).getInt(BOOT_ID_OFFSET);
    }

    static void setPurpose(byte[] hello, Purpose purpose) {
        hello[PURPOSE_OFFSET] = (byte) purpose.ordinal();
    }

    static Purpose purpose(byte[] wellFormedHello) {
        return PURPOSES[le(wellFormedHello).getInt(PURPOSE_OFFSET)];
    }

    static boolean wellFormedHello(byte[] hello) {
        return hello.length == HELLO_LENGTH && type(hello) == HELLO && argument(hello) <= 1 && bootId(hello) != 0
                && Integer.compareUnsigned(le(hello).getInt(PURPOSE_OFFSET), PURPOSES.length) < 0;
    }

    /** The statement of a proof, or null if it is not one; to be looked at only after the code was found right. */
    static Statement statement(byte[] proof) {
        int at = STATEMENT_OFFSET;
        int software = Byte.toUnsignedInt(proof[at]);
        ByteBuffer buffer = le(proof);
        if (software > MAX_SOFTWARE_VERSION_BYTES || argument(proof) != 0 || buffer.getShort(at + STATEMENT_ZERO_OFFSET) != 0) {
            return null;
        }
        for (int i = 1 + software; i < SOFTWARE_SLOT_LENGTH; i++) {
            if (proof[at + i] != 0) {
                return null;
            }
        }
        return new Statement(
                printable(new String(proof, at + 1, software, StandardCharsets.UTF_8)),
                Arrays.copyOfRange(proof, at + DIGEST_OFFSET, at + DIGEST_OFFSET + DIGEST_LENGTH),
                buffer.getLong(at + AGE_OFFSET),
                Byte.toUnsignedInt(proof[at + ROLES_OFFSET]),
                Byte.toUnsignedInt(proof[at + ROLES_OFFSET + 1]),
                Integer.toUnsignedLong(buffer.getInt(at + TERMS_OFFSET)),
                Integer.toUnsignedLong(buffer.getInt(at + TERMS_OFFSET + 4)),
                buffer.getInt(at + FLAGS_OFFSET));
    }

    /** The text goes to logs and terminals: no control characters. Replaced one for one, so it cannot outgrow its bound. */
    private static String printable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            clean.append(c < ' ' || c >= 0x7F ? '?' : c);
        }
        return clean.toString();
    }
}
