package io.hotpair.node.status;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What tells one process from a later one with the same process id: its start time and the boot of the kernel. Process ids are
 * reused, and a file outside {@code /run} outlives a reboot.
 */
public record ProcessMark(long pid, long startTicks, UUID kernelBoot) {
    private static final UUID UNKNOWN_BOOT = new UUID(0, 0);

    /** This process. */
    public static ProcessMark current() {
        long pid = ProcessHandle.current().pid();
        return new ProcessMark(pid, Math.max(0, liveStartTicks(pid)), readKernelBoot());
    }

    /** A process of this boot of the kernel, or of one that is not known; {@code startTicks} 0 if that is not known either. */
    public static ProcessMark of(long pid, long startTicks) {
        return new ProcessMark(pid, startTicks, UNKNOWN_BOOT);
    }

    /** Whether exactly this process still runs; a zombie does not. */
    public boolean alive() {
        if (pid <= 0) {
            return false;
        }
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
        UUID bootNow = readKernelBoot();
        if (!kernelBoot.equals(UNKNOWN_BOOT) && !bootNow.equals(UNKNOWN_BOOT) && !kernelBoot.equals(bootNow)) {
            return false;
        }
        long ticks = liveStartTicks(pid);
        return ticks >= 0 && (startTicks == 0 || ticks == startTicks);
    }

    byte[] kernelBootBytes() {
        return ByteBuffer.allocate(16).putLong(kernelBoot.getMostSignificantBits()).putLong(kernelBoot.getLeastSignificantBits()).array();
    }

    static UUID kernelBootOf(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    /** Field 22 of {@code /proc/PID/stat}, or -1 if there is no such process or it is a zombie. */
    private static long liveStartTicks(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            // The second field is the command in parentheses and may itself hold blanks and parentheses: count from the last one.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields[0].equals("Z") || fields[0].equals("X") ? -1 : Long.parseLong(fields[19]);
        } catch (IOException | RuntimeException e) {
            return -1;
        }
    }

    private static UUID readKernelBoot() {
        try {
            return UUID.fromString(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).trim());
        } catch (IOException | RuntimeException e) {
            return UNKNOWN_BOOT;
        }
    }
}
