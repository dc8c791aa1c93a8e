package io.hotpair.drivers.linux;

/** Error numbers, alike on x86-64 and aarch64 (asm-generic/errno.h). */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int ENXIO = 6;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int EPROTONOSUPPORT = 93;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENETUNREACH = 101;
    public static final int ENOBUFS = 105;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTUNREACH = 113;
    public static final int EINPROGRESS = 115;
    public static final int EOWNERDEAD = 130;
    public static final int ENOTRECOVERABLE = 131;

    private Errno() {
    }

    /** Name and meaning, for messages. */
    public static String text(int errno) {
        return switch (errno) {
            case EPERM -> "EPERM, operation not permitted";
            case ENOENT -> "ENOENT, no such file";
            case EINTR -> "EINTR, interrupted";
            case ENXIO -> "ENXIO, no such device";
            case EAGAIN -> "EAGAIN, would block";
            case ENOMEM -> "ENOMEM, out of memory or over a limit";
            case EACCES -> "EACCES, permission denied";
            case EBUSY -> "EBUSY, in use";
            case ENODEV -> "ENODEV, no such device";
            case EINVAL -> "EINVAL, invalid argument";
            case EPROTONOSUPPORT -> "EPROTONOSUPPORT, protocol not supported";
            case EADDRINUSE -> "EADDRINUSE, address already in use";
            case EADDRNOTAVAIL -> "EADDRNOTAVAIL, no such local address";
            case ENETDOWN -> "ENETDOWN, network is down";
            case ENETUNREACH -> "ENETUNREACH, no route";
            case ENOBUFS -> "ENOBUFS, queue full";
            case ETIMEDOUT -> "ETIMEDOUT, timed out";
            case ECONNREFUSED -> "ECONNREFUSED, refused";
            case EHOSTUNREACH -> "EHOSTUNREACH, host unreachable";
            case EINPROGRESS -> "EINPROGRESS, in progress";
            case EOWNERDEAD -> "EOWNERDEAD, owner died";
            case ENOTRECOVERABLE -> "ENOTRECOVERABLE, state not recoverable";
            default -> "errno " + errno;
        };
    }
}
