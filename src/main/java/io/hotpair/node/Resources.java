package io.hotpair.node;

import java.util.ArrayList;
import java.util.List;
import org.tinylog.Logger;

/** What was opened, to be closed in the opposite order. */
final class Resources implements AutoCloseable {
    private final List<AutoCloseable> open = new ArrayList<>();

    <T extends AutoCloseable> T add(T resource) {
        open.add(resource);
        return resource;
    }

    /** Closes everything; what fails is told and does not keep the rest open. */
    @Override
    public void close() {
        for (int i = open.size() - 1; i >= 0; i--) {
            try {
                open.get(i).close();
            } catch (Exception e) {
                Logger.warn(e, "closing {}", open.get(i).getClass().getSimpleName());
            }
        }
        open.clear();
    }
}
