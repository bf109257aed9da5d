/** Kernels for cores without SIMD instructions: ARMv6-M, and the RISC-V scalar base. */
@NullMarked
package dev.thimble.kernel.scalar;

import org.jspecify.annotations.NullMarked;
