/**
 * The int8 kernels of cores with the RISC-V vector extension, version 1.0. One program serves
 * vectors of any length; estimates of cycles presume 128 bits.
 */
@NullMarked
package dev.thimble.kernel.rvv;

import org.jspecify.annotations.NullMarked;
