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
