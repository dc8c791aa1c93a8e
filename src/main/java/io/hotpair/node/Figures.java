package io.hotpair.node;

import io.hotpair.node.status.CountersFile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** What drivers and helpers count for a person to look at, and nobody decides by: published now and then, off the duty cycle. */
final class Figures {
    private record Figure(int id, LongSupplier value) {}

    private final CountersFile file;
    private final List<Figure> figures = new ArrayList<>();

    /** @param file not sealed yet */
    Figures(CountersFile file) {
        this.file = file;
    }

    /** Before the seal. @param value only rises; asked by the thread that publishes, may be a moment old */
    void add(String label, LongSupplier value) {
        figures.add(new Figure(file.register(label), value));
    }

    void publish() {
        for (int i = 0; i < figures.size(); i++) {
            file.set(figures.get(i).id(), figures.get(i).value().getAsLong());
        }
    }
}
