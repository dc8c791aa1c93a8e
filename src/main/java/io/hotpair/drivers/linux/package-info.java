/** System calls of Linux through {@code java.lang.foreign}; the same constants and layouts hold on x86-64 and aarch64. */
package io.hotpair.drivers.linux;
