package io.hotpair.drivers.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Binds C functions, all in one shape: six register-wide arguments, a register-wide result, errno captured.
 *
 * <p>One shape, because each further one costs about 18 ms at a cold start (measured; 0.4 ms for another function of a known shape), and
 * the calls here would need a dozen. It is sound on the two ABIs that matter: System V x86-64 and AAPCS64 pass the first six (eight)
 * integer or pointer arguments in registers, variadic or not; a callee ignores registers that it has no parameter for and the upper half
 * of one that holds an {@code int}; the upper half of an {@code int} result is undefined, so callers narrow it.
 *
 * <p>Pointers travel as plain numbers: a caller keeps its segment's arena open during the call. No call is {@code critical}: a thread
 * inside the kernel must never hold up a safepoint.
 */
public final class Downcall {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LOOKUP = LINKER.defaultLookup();
    private static final FunctionDescriptor SHAPE = FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG);
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
    private static final StructLayout STATE = Linker.Option.captureStateLayout();

    private Downcall() {
    }

    /**
     * A handle of type {@code (MemorySegment callState, long x 6) -> long}, to be kept in a {@code static final} field and called by
     * {@code invokeExact}.
     */
    public static MethodHandle bind(String function) {
        MemorySegment address = LOOKUP.find(function)
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library lacks " + function));
        return LINKER.downcallHandle(address, SHAPE, CAPTURE);
    }

    /** Where a call leaves its errno; one per thread that looks at it. On Linux it holds the one {@code int}, at offset 0. */
    public static MemorySegment callState(Arena arena) {
        return arena.allocate(STATE);
    }

    /** What a bound handle may throw is only a fault of this program. */
    static AssertionError unexpected(Throwable cause) {
        return new AssertionError("a downcall threw", cause);
    }
}
