package io.hotpair.lab;

import io.hotpair.core.Role;
import io.hotpair.node.EventText;
import io.hotpair.node.status.CountersFile;
import io.hotpair.node.status.EventRing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A board's node through its counters file; a node that starts anew replaces the file, so it is opened anew. */
public final class CountersView implements BoardView {
    private static final int CHANNELS = 4;

    private final Path path;
    private final boolean[] fresh = new boolean[CHANNELS];
    private CountersFile file;
    private String role = "";
    private long term;
    private boolean inSync;

    /** @param path where the node's counters file is, or will be */
    public CountersView(Path path) {
        this.path = path;
    }

    @Override
    public boolean refresh() {
        try {
            if (file == null || !file.current()) {
                close();
                file = CountersFile.open(path);
            }
        } catch (IOException e) {
            file = null;
        }
        if (file == null || !file.nodeAlive()) {
            role = "";
            term = 0;
            inSync = false;
            Arrays.fill(fresh, false);
            return false;
        }
        role = Role.of((int) value("group0.role")).name();
        term = value("group0.term");
        inSync = value("group0.inSync") == 1 && value("self.mayLead") == 1;
        for (int c = 0; c < CHANNELS; c++) {
            fresh[c] = value("channel" + c + ".fresh") == 1;
        }
        return true;
    }

    /** A counter by its label as it is now, 0 if there is none. */
    public long value(String label) {
        int id = file == null ? -1 : file.find(label);
        return id < 0 ? 0 : file.value(id);
    }

    /** The node's process, 0 if none was seen. */
    public long pid() {
        return file == null ? 0 : file.pid();
    }

    /** When the node started, monotonic clock; 0 if none was seen. */
    public long startNs() {
        return file == null ? 0 : file.startNs();
    }

    @Override
    public String role() {
        return role;
    }

    @Override
    public long term() {
        return term;
    }

    @Override
    public boolean inSync() {
        return inSync;
    }

    @Override
    public boolean channelFresh(int channel) {
        return fresh[channel];
    }

    @Override
    public List<BoardEvent> eventsSince(long sinceNs) {
        List<BoardEvent> events = new ArrayList<>();
        if (file == null) {
            return events;
        }
        EventRing ring = file.events();
        long next = ring.nextSequence();
        EventRing.Event event = new EventRing.Event();
        for (long sequence = Math.max(0, next - ring.capacity()); sequence < next; sequence++) {
            if (ring.read(sequence, event) && event.timeNs() - sinceNs >= 0) {
                events.add(new BoardEvent(event.timeNs(), EventText.name(event.code()), event.detail()));
            }
        }
        return events;
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                // Only reading: nothing is lost.
            }
            file = null;
        }
    }
}
