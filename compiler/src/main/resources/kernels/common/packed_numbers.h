/* Filters of few bits: their elements are numbers of 4, 2 or 1 bits, packed in bytes from the lowest
 * bits on. A stored number n of 4 or 2 bits stands for n - 8 or n - 2, one of 1 bit for 2 n - 1. */
#ifndef THIMBLE_PACKED_NUMBERS_H
#define THIMBLE_PACKED_NUMBERS_H

#include <stdint.h>

#include "common/function.h"

/* Pixels that share what is unpacked once: each of them costs the stack some 40 bytes. */
enum { PACKED_PIXELS = 8 };

/* Unpacks `count` numbers, one at least, from number `first` on. */
static THIMBLE_NOINLINE void packed_numbers(const int8_t *packed, int32_t bits, int32_t first,
                                            int32_t count, int8_t *to) {
  int32_t at = first * bits;
  const uint8_t *from = (const uint8_t *)packed + (at >> 3);
  uint32_t byte = (uint32_t)*from >> (at & 7);
  int32_t left = 8 - (at & 7);
  int32_t step = bits == 1 ? 2 : 1;
  int32_t least = bits == 1 ? -1 : -(1 << (bits - 1));
  int32_t mask = (1 << bits) - 1;
  const int8_t *end = to + count;
  if (bits == 4 && left == 8) {
    for (; end - to > 1; to += 2) {
      byte = *from++;
      to[0] = (int8_t)((int32_t)(byte & 15) - 8);
      to[1] = (int8_t)((int32_t)(byte >> 4) - 8);
    }
    if (to < end) {
      *to = (int8_t)((int32_t)(*from & 15) - 8);
    }
    return;
  }
  while (to < end) {
    if (left == 0) {
      byte = *++from;
      left = 8;
    }
    *to++ = (int8_t)(least + step * ((int32_t)byte & mask));
    byte >>= bits;
    left -= bits;
  }
}

#endif
