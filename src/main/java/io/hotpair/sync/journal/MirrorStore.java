package io.hotpair.sync.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A folder of this board alone. What recovery cannot use is moved out of the way. */
final class MirrorStore extends LogStore {
    private static final int MOST_REPAIRS = 3;

    private final Path folder;
    private final MarkFile markFile;
    private AutoCloseable lock;

    MirrorStore(Disk disk, RecordFormat format, JournalConfig config, Path folder, Housekeeper housekeeper, IoWatch watch) {
        super(disk, format, config, housekeeper, watch);
        this.folder = folder;
        markFile = new MarkFile(disk, folder.resolve("mark"));
    }

    @Override
    public Recovered recover() throws IOException {
        disk.createFolder(folder);
        if (lock == null) {
            lock = disk.lock(folder.resolve("lock"));
            if (lock == null) {
                throw new IOException(folder + " is in use: another node runs for this board; stop that one first");
            }
        }
        StringBuilder findings = new StringBuilder();
        String markTrouble = markFile.read();
        if (markTrouble != null) {
            findings.append(markTrouble).append(System.lineSeparator());
        }
        LogScan.Result found = scanAndRepair(findings);
        disk.delete(BaseFile.temporary(folder));
        log.resume(folder, 0, found.segments(), found.endOffset());
        disk.syncFolder(folder);
        continueFrom(found, true);
        return new Recovered(found, markFile.mark(), findings.isEmpty() ? null : findings.toString().stripTrailing());
    }

    private LogScan.Result scanAndRepair(StringBuilder findings) throws IOException {
        for (int i = 0; i < MOST_REPAIRS; i++) {
            LogScan.Result found = new LogScan(disk, format, List.of(folder)).scan();
            LogScan.Problem problem = found.problem();
            if (problem == null) {
                return found;
            }
            Path moved = new Repair(disk, folder).cutOff(problem.segment(), problem.offset(), config.segmentBytes());
            findings.append(problem).append("; kept everything up to record ").append(found.last().index())
                    .append(moved == null ? ", nothing was left behind it" : ", the rest is in " + moved).append(System.lineSeparator());
        }
        throw new IOException(folder + ": still damaged after " + MOST_REPAIRS + " repairs; move the folder away to start without it");
    }

    @Override
    public boolean divert(long index) throws IOException {
        if (last == null || index >= last.index()) {
            return true;
        }
        commit();
        settle();
        if (housekeeper.isFinishing() || housekeeper.isDeleting()) {
            return false;
        }
        if (!log.ensure(Format.paddedBytes(Format.POSITION_BYTES))) {
            return false;
        }
        commit();
        LogScan.Result found = new LogScan(disk, format, List.of(folder)).watch(index).scan();
        Repair repair = new Repair(disk, folder);
        if (found.run() != null) {
            repair.copyDivergent(found.run(), index, format);
        }
        cutBack(found, index);
        commit();
        return true;
    }

    private void cutBack(LogScan.Result found, long index) throws IOException {
        Position at = found.run() == null ? null : found.run().at(index);
        boolean baseStays = found.base() == null || found.base().last().index() <= index;
        if (at != null && baseStays) {
            start(Format.CUT, at);
            return;
        }
        // The fork is below everything that is held: nothing can be built from this journal any more until a base comes.
        if (found.base() != null && !baseStays) {
            Position gone = found.base().last();
            disk.move(found.base().path(), new Repair(disk, folder).unusedName("divergent-" + gone.term() + "-" + gone.index(), ".base"));
            disk.syncFolder(folder);
            new Repair(disk, folder).keepNewest("divergent-", ".base");
        }
        startWithNothing();
    }

    @Override
    public void mark(int mark, long term, long index) throws IOException {
        commit();
        markFile.write(mark, term, index);
    }

    @Override
    List<Path> olderFolders() {
        return List.of();
    }

    @Override
    public void close() throws IOException {
        super.close();
        if (lock != null) {
            try {
                lock.close();
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }
}
