package io.hotpair.sync.journal;

import io.hotpair.sync.port.JournalPort;
import java.io.IOException;

/**
 * Storage {@code mirror+shared}: the mirror decides what is durable; the shared volume has a copy, and may hang or be away without holding anything
 * up: records that it does not take are a gap there, for which it asks for a base. What is recovered is the newer of the two; if that is the
 * volume's, the mirror asks for a base likewise.
 */
public final class TwoJournals implements JournalPort, AutoCloseable {
    private final FileJournal mirror;
    private final FileJournal shared;
    private FileJournal newer;
    private boolean sharedTakesBase;
    /** The volume did not take the newest record, and learns of it only by the next one. */
    private boolean sharedLacksNewest;

    public TwoJournals(FileJournal mirror, FileJournal shared) {
        this.mirror = mirror;
        this.shared = shared;
    }

    @Override
    public boolean durable() {
        return true;
    }

    /** Waits for the volume only as long as nothing is known to be wrong with it. */
    @Override
    public boolean recovered() {
        if (newer == null && mirror.recovered() && (shared.recovered() || shared.failing())) {
            boolean sharedIsNewer = shared.recovered() && (shared.recoveredTerm() != mirror.recoveredTerm()
                    ? shared.recoveredTerm() > mirror.recoveredTerm() : shared.recoveredIndex() > mirror.recoveredIndex());
            newer = sharedIsNewer ? shared : mirror;
        }
        return newer != null;
    }

    private FileJournal newer() {
        return newer == null ? mirror : newer;
    }

    @Override
    public long recoveredTerm() {
        return newer().recoveredTerm();
    }

    @Override
    public long recoveredIndex() {
        return newer().recoveredIndex();
    }

    @Override
    public long recoveredDigest() {
        return newer().recoveredDigest();
    }

    /** The mirror's, or the volume's if that has all that the mirror has: nobody has newer data then. */
    @Override
    public int recoveredMark() {
        boolean sharedHasAll = shared.recovered() && shared.recoveredIndex() >= mirror.recoveredIndex()
                && shared.recoveredTerm() >= mirror.recoveredTerm();
        return mirror.recoveredMark() != MARK_NONE || !sharedHasAll ? mirror.recoveredMark() : shared.recoveredMark();
    }

    @Override
    public long recoveredBaseLengthBytes() {
        return newer().recoveredBaseLengthBytes();
    }

    @Override
    public long recoveredBaseIndex() {
        return newer().recoveredBaseIndex();
    }

    @Override
    public void copyRecoveredBase(long position, byte[] destination, int offset, int lengthBytes) {
        newer().copyRecoveredBase(position, destination, offset, lengthBytes);
    }

    @Override
    public int nextRecovered(byte[] destination, int offset) {
        return newer().nextRecovered(destination, offset);
    }

    @Override
    public boolean append(byte[] buffer, int offset, int lengthBytes) {
        if (!mirror.append(buffer, offset, lengthBytes)) {
            return false;
        }
        sharedLacksNewest = !shared.append(buffer, offset, lengthBytes);
        return true;
    }

    @Override
    public long durableIndex() {
        return mirror.durableIndex();
    }

    @Override
    public boolean beginBase(long term, long index, long digest, long lengthBytes) {
        if (!mirror.beginBase(term, index, digest, lengthBytes)) {
            return false;
        }
        sharedTakesBase = shared.beginBase(term, index, digest, lengthBytes);
        sharedLacksNewest &= !sharedTakesBase;
        return true;
    }

    @Override
    public boolean base(byte[] buffer, int offset, int lengthBytes) {
        if (!mirror.base(buffer, offset, lengthBytes)) {
            return false;
        }
        if (sharedTakesBase && !shared.base(buffer, offset, lengthBytes)) {
            sharedTakesBase = false;
            sharedLacksNewest = true;
        }
        return true;
    }

    @Override
    public void divert(long index) {
        mirror.divert(index);
        shared.divert(index);
    }

    @Override
    public void mark(int mark, long term, long index) {
        mirror.mark(mark, term, index);
        shared.mark(mark, term, index);
    }

    @Override
    public boolean markDurable() {
        return mirror.markDurable();
    }

    @Override
    public boolean failing() {
        return mirror.failing() || shared.failing();
    }

    /** Whether either needs a base. */
    public boolean wantsBase() {
        return mirror.wantsBase() || shared.wantsBase() || sharedLacksNewest && shared.idle();
    }

    /** What is wrong, for a person, or null. */
    public String trouble() {
        String mirrors = mirror.trouble();
        String shareds = shared.trouble();
        return mirrors == null ? shareds : shareds == null ? mirrors : mirrors + "; " + shareds;
    }

    /** What recovery found damaged, or null. */
    public String findings() {
        String mirrors = mirror.findings();
        String shareds = shared.findings();
        return mirrors == null ? shareds : shareds == null ? mirrors : mirrors + System.lineSeparator() + shareds;
    }

    @Override
    public void close() throws IOException {
        try (shared) {
            mirror.close();
        }
    }
}
