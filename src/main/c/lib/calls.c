/*
 * The one function by which the node calls the C library: it answers what the kernel would, the result or minus the error number.
 *
 * The JVM can capture errno itself, but every such call allocates 40 bytes unless the compiler has inlined all of it (JDK 25, counted with
 * -Xint), and where a frame is thrown back to the interpreter, at a branch that was never taken before, it is not. Errno has to be read before
 * the call returns to the JVM, which uses it too.
 *
 * All six arguments are register-wide: System V x86-64 and AAPCS64 pass them in registers, variadic or not, and a callee ignores those that it
 * has no parameter for. The upper half of a result is undefined where the function returns an int, so only the lower one counts.
 */
#include <errno.h>

typedef long (*function)(long, long, long, long, long, long);

long hotpair_call(function called, long a, long b, long c, long d, long e, long f)
{
    int result = (int) called(a, b, c, d, e, f);
    return result < 0 ? -errno : result;
}
