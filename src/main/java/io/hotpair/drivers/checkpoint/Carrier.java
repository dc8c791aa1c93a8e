package io.hotpair.drivers.checkpoint;

import io.hotpair.drivers.linux.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An interface's carrier, from sysfs, which shows it without the delay of up to a second that the interface flags have.
 *
 * <p>The file is opened each time: an interface that was unplugged comes back as another one of the same name.
 */
final class Carrier {
    private static final Path INTERFACES = Path.of("/sys/class/net");

    private final Libc libc;
    private final MemorySegment path; // null: always up
    private final MemorySegment value;

    /** @param interfaceName {@code null} or {@code lo}: nothing to lose a carrier */
    Carrier(Libc libc, Arena arena, String interfaceName) {
        this.libc = libc;
        value = arena.allocate(4);
        boolean known = interfaceName != null && !interfaceName.equals("lo") && Files.isDirectory(INTERFACES);
        path = known ? arena.allocateFrom(INTERFACES.resolve(interfaceName).resolve("carrier").toString()) : null;
    }

    /** Three system calls that touch no device; an interface that is missing or switched off has no carrier. */
    boolean read() {
        if (path == null) {
            return true;
        }
        int fd = libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC);
        if (fd < 0) {
            return false;
        }
        boolean up = libc.read(fd, value, 1) == 1 && value.get(ValueLayout.JAVA_BYTE, 0) == '1';
        libc.close(fd);
        return up;
    }
}
