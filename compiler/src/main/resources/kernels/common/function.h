/* How the functions of kernels are declared. All are static, so two models link together; a kernel
 * file may hold a function that a given model never calls, which is no reason for a warning. */
#ifndef THIMBLE_FUNCTION_H
#define THIMBLE_FUNCTION_H

/* One body shared by all its callers; a clone for one of them would also hide it from profilers. */
#if defined(__clang__)
#define THIMBLE_NOINLINE __attribute__((noinline, unused))
#elif defined(__GNUC__)
#define THIMBLE_NOINLINE __attribute__((noinline, noclone, unused))
#else
#define THIMBLE_NOINLINE
#endif

#if defined(__GNUC__)
#define THIMBLE_INLINE inline __attribute__((unused))
/* Inlined for each of its literal arguments. */
#define THIMBLE_SPECIALIZED inline __attribute__((always_inline, unused))
#else
#define THIMBLE_INLINE inline
#define THIMBLE_SPECIALIZED inline
#endif

#endif
