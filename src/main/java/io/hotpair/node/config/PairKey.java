package io.hotpair.node.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/** The key file that both boards share: 32 random bytes as 64 hexadecimal digits, readable by its owner alone. */
public final class PairKey {
    /** Length of the key: the block that HMAC-SHA256 gains most from is its own output length (RFC 2104, section 3). */
    public static final int LENGTH_BYTES = 32;

    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private PairKey() {
    }

    /** Thrown with one line that says what is wrong with a key file. */
    public static final class UnusableKeyException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableKeyException(String message) {
            super(message);
        }
    }

    /**
     * Reads the key.
     *
     * @return {@link #LENGTH_BYTES} bytes, the caller's own copy
     * @throws UnusableKeyException when it is missing, open to others, or no key
     */
    public static byte[] read(Path file) throws UnusableKeyException {
        String text;
        try {
            if (!Files.isRegularFile(file)) {
                throw new UnusableKeyException(Files.exists(file)
                        ? file + " is not a file"
                        : file + " does not exist: make one with hotpair keygen and copy it to both boards");
            }
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (!OWNER_ONLY.containsAll(mode)) {
                throw new UnusableKeyException(file + " has mode " + octal(mode) + ", must be 0600 (chmod 600 " + file + ")");
            }
            if (Files.size(file) > 4 * LENGTH_BYTES) {
                throw new UnusableKeyException(notAKey(file));
            }
            text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip(); // any bytes are text in it; digits are the same in all
        } catch (IOException e) {
            throw new UnusableKeyException(file + " cannot be read: " + reason(e));
        }
        try {
            byte[] key = HexFormat.of().parseHex(text);
            if (key.length == LENGTH_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // Said below, in the same words as a wrong length; the text itself is a secret and not repeated.
        }
        throw new UnusableKeyException(notAKey(file));
    }

    /**
     * Writes a fresh key with mode 0600.
     *
     * @param replace whether an existing file may be replaced
     * @throws FileAlreadyExistsException when it exists and {@code replace} is false
     */
    public static void generate(Path file, boolean replace) throws IOException {
        byte[] key = new byte[LENGTH_BYTES];
        new SecureRandom().nextBytes(key);
        byte[] text = (HexFormat.of().formatHex(key) + '\n').getBytes(StandardCharsets.US_ASCII);
        if (!replace) {
            write(file, text);
            return;
        }
        // Beside it, then renamed over it: a reader finds the old key or the new one, and never a wider mode.
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        write(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void write(Path file, byte[] text) throws IOException {
        var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, options, PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            channel.write(ByteBuffer.wrap(text));
        }
    }

    private static String notAKey(Path file) {
        return file + " is no pair key: must hold " + 2 * LENGTH_BYTES + " hexadecimal digits and nothing else (hotpair keygen makes one; copy it to both boards)";
    }

    private static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.AccessDeniedException denied -> "permission denied";
            case NoSuchFileException gone -> "it does not exist";
            default -> e.getMessage();
        };
    }

    private static String octal(Set<PosixFilePermission> mode) {
        int bits = 0;
        for (PosixFilePermission permission : mode) {
            // The enum's order is that of the mode's bits, from owner-read (0400) down to others-execute (0001).
            bits |= 0400 >> permission.ordinal();
        }
        return String.format("%04o", bits);
    }
}
