/* How functions in assembly are declared. */
#ifndef THIMBLE_ASSEMBLY_H
#define THIMBLE_ASSEMBLY_H

/* The body is all assembly, which follows the platform's calling convention. GCC must not look into
 * it: it would take the registers and memory that no operand names for untouched. */
#if defined(__clang__)
#define THIMBLE_ASSEMBLY __attribute__((naked, noinline, unused))
#else
#define THIMBLE_ASSEMBLY __attribute__((naked, noipa, unused))
#endif

/* A parameter that only the assembly reads. */
#define THIMBLE_ASSEMBLY_READS __attribute__((unused))

#endif
