package io.hotpair.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.hotpair.drivers.gpio.SimulatedLine;
import io.hotpair.wire.UartFraming;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;

/** The field around a pair that runs {@link FieldTask}: a sensor wired to both boards, two devices on each, a button and a valve. */
final class Field implements AutoCloseable {
    private static final long BETWEEN_LINES_NS = 1_000_000;
    private static final long LOOK_NS = 200_000;
    private static final int CHECKSUM_BYTES = 4;

    private final PseudoTerminal[] sensor = {new PseudoTerminal(), new PseudoTerminal()};
    private final PseudoTerminal[] log = {new PseudoTerminal(), new PseudoTerminal()};
    private final PseudoTerminal[] pump = {new PseudoTerminal(), new PseudoTerminal()};
    private final SimulatedLine.Driver button;
    private final Path buttonFile;
    private final Path valveFile;
    /** For one thread, the test's. */
    final SimulatedLine.Watcher valve;

    private final LinuxCalls linux = new LinuxCalls();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment out = arena.allocate(64);
    private final Thread ears = Thread.ofPlatform().name("field").daemon().unstarted(this::listen);
    private volatile boolean closing;
    private boolean buttonDown;
    private boolean numbered;

    private final List<String> logged = new ArrayList<>();
    private final List<String> pumped = new ArrayList<>();
    private final List<String> garbled = new ArrayList<>();
    private final StringBuilder[] line = {new StringBuilder(), new StringBuilder()};
    private final UartFraming[] frames = {new UartFraming(64), new UartFraming(64)};
    int fed;
    int pressed;

    Field(Path run) throws IOException {
        buttonFile = run.resolve("button");
        valveFile = run.resolve("valve");
        button = SimulatedLine.drive(buttonFile, SimulatedLine.WORLD, false);
        valve = SimulatedLine.watch(valveFile);
        ears.start();
    }

    /** @param numbersItsLines whether they can be told apart however late a board reads them */
    void configure(TaskRig rig, String maxHold, boolean numbersItsLines) {
        numbered = numbersItsLines;
        rig.set("input.sensor", "kind", "uart").set("input.sensor", "board-a", sensor[0].path()).set("input.sensor", "board-b", sensor[1].path())
                .set("input.sensor", "checksum", "nmea").setRaw("input.sensor", "numbered", Boolean.toString(numbered))
                .set("input.button", "kind", "gpio").set("input.button", "board-a", "sim:" + buttonFile)
                .set("input.button", "board-b", "sim:" + buttonFile)
                .set("output.log", "kind", "uart").set("output.log", "to-a", log[0].path()).set("output.log", "to-b", log[1].path())
                .set("output.pump", "kind", "uart").set("output.pump", "to-a", pump[0].path()).set("output.pump", "to-b", pump[1].path())
                .set("output.pump", "framing", "cobs").set("output.pump", "checksum", "crc32").setRaw("output.pump", "repeats", "true")
                .set("output.valve", "kind", "gpio").set("output.valve", "to", "sim:" + valveFile).set("output.valve", "max-hold", maxHold);
    }

    /** The sensor says its next line to both boards. */
    void feed(int level) throws IOException {
        fed++;
        String content = (numbered ? fed + " " : "") + "S," + fed + ',' + level;
        int sum = content.chars().reduce(0, (a, b) -> a ^ b);
        write(String.format("%s*%02X\r\n", content, sum));
        LockSupport.parkNanos(BETWEEN_LINES_NS);
    }

    /** The end of a line that nobody heard the beginning of. */
    void endLine() throws IOException {
        write("\r\n");
    }

    private void write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(bytes, 0, out, ValueLayout.JAVA_BYTE, 0, bytes.length);
        for (PseudoTerminal terminal : sensor) {
            linux.write(terminal.master(), out, bytes.length); // what does not fit is lost, as on any line
        }
    }

    void feed(int lines, int level) throws IOException {
        for (int i = 0; i < lines; i++) {
            feed(level);
        }
    }

    /** The button is pressed, or let go. */
    void press() {
        pressed++;
        buttonDown = !buttonDown;
        button.drive(buttonDown);
    }

    private void listen() {
        LinuxCalls calls = new LinuxCalls();
        MemorySegment in = arena.allocate(4096);
        byte[] bytes = new byte[4096];
        while (!closing) {
            for (int board = 0; board < 2; board++) {
                int of = board;
                int length = read(calls, log[board], in, bytes);
                for (int i = 0; i < length; i++) {
                    hear(of, bytes[i]);
                }
                frames[board].feed(bytes, read(calls, pump[board], in, bytes), (frame, lengthBytes) -> frame(frame, lengthBytes));
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private static int read(LinuxCalls calls, PseudoTerminal terminal, MemorySegment in, byte[] bytes) {
        try {
            int length = calls.read(terminal.master(), in);
            MemorySegment.copy(in, ValueLayout.JAVA_BYTE, 0, bytes, 0, length);
            return length;
        } catch (IOException e) {
            return 0; // closed
        }
    }

    private synchronized void hear(int board, byte next) {
        if (next != '\n') {
            line[board].append((char) next);
            return;
        }
        if (!line[board].isEmpty()) {
            logged.add(line[board].toString());
            line[board].setLength(0);
        }
    }

    private synchronized void frame(byte[] frame, int lengthBytes) {
        CRC32 crc = new CRC32();
        int whole = lengthBytes - CHECKSUM_BYTES;
        crc.update(frame, 0, Math.max(0, whole));
        long sum = 0;
        for (int i = 0; i < CHECKSUM_BYTES && whole > 0; i++) {
            sum |= (frame[whole + i] & 0xFFL) << 8 * i;
        }
        String text = new String(frame, 0, Math.max(0, whole), StandardCharsets.US_ASCII);
        (sum == crc.getValue() ? pumped : garbled).add(text);
    }

    /** Lines that were executed, as the device that is told everything knows. */
    synchronized long executed() {
        return pumped.stream().mapToLong(text -> Long.parseLong(text.split(" ")[1])).max().orElse(0);
    }

    /** Edges of the button that were executed, as far as the log tells. */
    synchronized long edges() {
        return logged.stream().filter(text -> text.startsWith("button ")).mapToLong(text -> Long.parseLong(text.split(" ")[2])).max().orElse(0);
    }

    /**
     * Nothing was executed twice; no line of the log, which is at most once, came twice; the pump, at least once, was told of all that was executed.
     *
     * @return lines that were executed and that the log never had
     */
    synchronized int judge() {
        assertEquals(List.of(), garbled);
        Map<String, String> once = new HashMap<>();
        for (String text : logged) {
            String key = text.startsWith("button ") ? text : text.split(" ")[0];
            assertNull(once.putIfAbsent(key, text), () -> "twice on a port that is at most once: " + text);
        }
        Map<String, String> place = new HashMap<>();
        Map<String, String> number = new HashMap<>();
        for (String text : pumped) {
            String[] fields = text.split(" ");
            String before = place.putIfAbsent(fields[0], fields[1]);
            assertEquals(before == null ? fields[1] : before, fields[1], "executed twice: line " + fields[0]);
            String other = number.putIfAbsent(fields[1], fields[0]);
            assertEquals(other == null ? fields[0] : other, fields[0], "a place given away twice: " + fields[1]);
        }
        assertEquals(executed(), place.size(), "each line that was executed was told to the pump");
        return (int) (place.size() - once.keySet().stream().filter(key -> !key.startsWith("button ")).count());
    }

    @Override
    public void close() throws InterruptedException {
        closing = true;
        ears.join();
        for (PseudoTerminal[] pair : List.of(sensor, log, pump)) {
            pair[0].close();
            pair[1].close();
        }
        button.close();
        valve.close();
        arena.close();
    }
}
