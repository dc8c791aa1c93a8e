package io.hotpair.drivers.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * Calls C functions, all in one shape and through one function of our own (src/main/c/lib/calls.c), which answers as the kernel does: the
 * result, or minus the error number. A call allocates nothing, compiled or not.
 *
 * <p>One shape, because each further one costs about 18 ms at a cold start (measured), and the calls here would need a dozen.
 *
 * <p>Pointers travel as plain numbers: a caller keeps its segment's arena open during the call. No call is {@code critical}: a thread
 * inside the kernel must never hold up a safepoint.
 */
public final class Downcall {
    private static final String LIBRARY = "libcalls.so";
    private static final SymbolLookup C_LIBRARY = Linker.nativeLinker().defaultLookup();

    private Downcall() {
    }

    /**
     * Loads what every call needs; otherwise the first call does, and a failure would be an {@link Error}.
     *
     * @throws IOException if that is missing, or made for another machine; the message names the cure
     */
    public static void load() throws IOException {
        try {
            Bridge.CALL.type();
        } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
            throw new IOException(where(LIBRARY) + " cannot be loaded: build again with ./hotpair on a machine of this architecture ("
                    + System.getProperty("os.arch") + ")", e);
        }
    }

    /** The address of a function of the C library, to be kept in a {@code static final} field. */
    static long address(String function) {
        return C_LIBRARY.find(function)
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library lacks " + function))
                .address();
    }

    /** The address of a function of a library of our own, which lies beside {@link Downcall}'s. */
    static long own(String library, String function) {
        return SymbolLookup.libraryLookup(where(library), Arena.global()).find(function)
                .orElseThrow(() -> new UnsatisfiedLinkError(where(library) + " lacks " + function))
                .address();
    }

    static int call(long function, long a) {
        return call(function, a, 0, 0, 0, 0, 0);
    }

    static int call(long function, long a, long b) {
        return call(function, a, b, 0, 0, 0, 0);
    }

    static int call(long function, long a, long b, long c) {
        return call(function, a, b, c, 0, 0, 0);
    }

    static int call(long function, long a, long b, long c, long d) {
        return call(function, a, b, c, d, 0, 0);
    }

    /** The result, or minus the error number. Functions that return an error number themselves give it as it is, positive. */
    static int call(long function, long a, long b, long c, long d, long e, long f) {
        try {
            return (int) (long) Bridge.CALL.invokeExact(function, a, b, c, d, e, f);
        } catch (Throwable cause) {
            throw new AssertionError("a downcall threw", cause); // only a fault of this program can do that
        }
    }

    /** Not in the class that fails without it. Beside the jar; in the build, beside the folder of the classes. */
    private static Path where(String library) {
        try {
            return Path.of(Downcall.class.getProtectionDomain().getCodeSource().getLocation().toURI()).resolveSibling(library);
        } catch (URISyntaxException e) {
            throw new AssertionError("the JVM names a place that is none", e);
        }
    }

    private static final class Bridge {
        static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(
                SymbolLookup.libraryLookup(where(LIBRARY), Arena.global()).find("hotpair_call").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

        private Bridge() {
        }
    }
}
