/* Which pixel of the input a pixel of the output is made of. */
#ifndef THIMBLE_RESIZE_H
#define THIMBLE_RESIZE_H

#include <stdint.h>

#include "common/function.h"

#define THIMBLE_RESIZE_AXES 8
#define THIMBLE_RESIZE_OUTSIDE 0xFFFF

/* Four numbers of each axis. */
enum {
  THIMBLE_RESIZE_EXTENT, /* of the output */
  THIMBLE_RESIZE_TAPS,   /* entries that are combined */
  THIMBLE_RESIZE_STRIDE, /* elements, or pixels, of the input from one entry to the next */
  THIMBLE_RESIZE_FIRST,  /* where its part of the tables begins */
  THIMBLE_RESIZE_NUMBERS
};

/* The first of the taps in the tables, of each axis, for a pixel of the output; returns whether none
 * of them is outside of the input. */
static THIMBLE_INLINE int32_t thimble_resize_taps(const int32_t *axes, int32_t count,
                                                  const uint16_t *indices, int32_t pixel,
                                                  int32_t *taps) {
  int32_t inside = 1;
  for (int32_t axis = count - 1; axis >= 0; --axis) {
    const int32_t *a = axes + THIMBLE_RESIZE_NUMBERS * axis;
    int32_t entry = pixel % a[THIMBLE_RESIZE_EXTENT];
    pixel /= a[THIMBLE_RESIZE_EXTENT];
    taps[axis] = a[THIMBLE_RESIZE_FIRST] + entry * a[THIMBLE_RESIZE_TAPS];
    inside = inside && indices[taps[axis]] != THIMBLE_RESIZE_OUTSIDE;
  }
  return inside;
}

#endif
