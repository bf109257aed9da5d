/* Copies and fills of any number of bytes with M-profile vector instructions (MVE). */
#ifndef THIMBLE_COPY_S8_HELIUM_H
#define THIMBLE_COPY_S8_HELIUM_H

#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"

/* Copies, and returns the end of the copy. The pointers step beyond it where the last vector is not
 * whole. */
static THIMBLE_INLINE int8_t *thimble_copy(int8_t *to, const int8_t *from, int32_t bytes) {
  int8_t *end = to + bytes;
  __asm__ volatile(
      "wlstp.8 lr, %2, 2f\n\t"
      "1:\n\t"
      "vldrb.u8 q0, [%1], #16\n\t"
      "vstrb.8 q0, [%0], #16\n\t"
      "letp lr, 1b\n\t"
      "2:\n\t"
      : "+r"(to), "+r"(from)
      : "r"(bytes)
      : "lr", "q0", "memory");
  return end;
}

/* Copies as many bytes from a place in each of several rows, whose pointers lie `step` bytes apart,
 * to places `pitch` bytes apart. */
static THIMBLE_INLINE void thimble_copy_rows(int8_t *to, int32_t pitch, const void *const *rows,
                                             int32_t step, int32_t count, int32_t from,
                                             int32_t bytes) {
  const int8_t *source;
  int8_t *target;
  __asm__ volatile(
      "1:\n\t"
      "ldr %3, [%1]\n\t"
      "add %1, %1, %5\n\t"
      "add %3, %3, %6\n\t"
      "mov %4, %0\n\t"
      "wlstp.8 lr, %7, 3f\n\t"
      "2:\n\t"
      "vldrb.u8 q0, [%3], #16\n\t"
      "vstrb.8 q0, [%4], #16\n\t"
      "letp lr, 2b\n\t"
      "3:\n\t"
      "add %0, %0, %8\n\t"
      "subs %2, %2, #1\n\t"
      "bne 1b\n\t"
      : "+r"(to), "+r"(rows), "+r"(count), "=&r"(source), "=&r"(target)
      : "r"(step), "r"(from), "r"(bytes), "r"(pitch)
      : "lr", "q0", "cc", "memory");
}

/* Stores as many bytes of this value, and returns their end. */
static THIMBLE_INLINE int8_t *thimble_fill(int8_t *to, int8_t value, int32_t bytes) {
  int8_t *end = to + bytes;
  int8x16_t values = vdupq_n_s8(value);
  for (; bytes > 0; bytes -= 16) {
    vstrbq_p_s8(to, values, vctp8q((uint32_t)bytes));
    to += 16;
  }
  return end;
}

#endif
