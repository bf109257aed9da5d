/* Elements that are moved without being looked at. */
#ifndef THIMBLE_ELEMENTS_H
#define THIMBLE_ELEMENTS_H

#include <stdint.h>
#include <string.h>

#include "common/function.h"

/* Words as which elements of any type may be read and written. */
#if defined(__GNUC__)
#define THIMBLE_MAY_ALIAS __attribute__((may_alias))
#else
#define THIMBLE_MAY_ALIAS
#endif
typedef uint16_t THIMBLE_MAY_ALIAS thimble_bits16;
typedef uint32_t THIMBLE_MAY_ALIAS thimble_bits32;

/* Copies one element of `width` bytes, 1, 2, 4 or 8; both addresses are multiples of it. */
static THIMBLE_INLINE void thimble_copy_element(void *to, const void *from, int32_t width) {
  if (width == 1) {
    *(uint8_t *)to = *(const uint8_t *)from;
  } else if (width == 2) {
    *(thimble_bits16 *)to = *(const thimble_bits16 *)from;
  } else {
    *(thimble_bits32 *)to = *(const thimble_bits32 *)from;
    if (width == 8) {
      ((thimble_bits32 *)to)[1] = ((const thimble_bits32 *)from)[1];
    }
  }
}

/* Stores the same element `count` times; its bits are given in two halves. */
static THIMBLE_INLINE void thimble_fill_elements(void *to, int32_t count, int32_t width,
                                                 int32_t low, int32_t high) {
  if (width == 1) {
    memset(to, low & 0xFF, (uint32_t)count);
    return;
  }
  for (int32_t i = 0; i < count; ++i) {
    if (width == 2) {
      ((thimble_bits16 *)to)[i] = (uint16_t)low;
    } else if (width == 4) {
      ((thimble_bits32 *)to)[i] = (uint32_t)low;
    } else {
      ((thimble_bits32 *)to)[2 * i] = (uint32_t)low;
      ((thimble_bits32 *)to)[2 * i + 1] = (uint32_t)high;
    }
  }
}

/* Copies `count` runs of bytes, each so many bytes further in both places; a run that is one
 * element of `width` bytes is copied as such. */
static THIMBLE_INLINE void thimble_copy_runs(uint8_t *to, const uint8_t *from, int32_t count,
                                             int32_t to_step, int32_t from_step, int32_t run,
                                             int32_t width) {
  int32_t at = 0, of = 0;
  if (run == 1) {
    for (int32_t i = 0; i < count; ++i, at += to_step, of += from_step) {
      to[at] = from[of];
    }
  } else if (run == width) {
    for (int32_t i = 0; i < count; ++i, at += to_step, of += from_step) {
      thimble_copy_element(to + at, from + of, width);
    }
  } else {
    for (int32_t i = 0; i < count; ++i, at += to_step, of += from_step) {
      memcpy(to + at, from + of, (uint32_t)run);
    }
  }
}

#endif
