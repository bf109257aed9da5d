/* Walks over entries of some axes of a tensor. */
#ifndef THIMBLE_WALK_H
#define THIMBLE_WALK_H

#include <stdint.h>

#include "common/function.h"

/* The element that number `i` of these axes names; axes holds pairs of extent and stride. */
static THIMBLE_INLINE int32_t thimble_walk(const int32_t *axes, int32_t count, int32_t i) {
  int32_t at = 0;
  for (int32_t axis = count - 1; axis > 0; --axis) {
    int32_t extent = axes[2 * axis];
    at += i % extent * axes[2 * axis + 1];
    i /= extent;
  }
  return at + i * axes[1];
}

/* The product of the axes' extents. */
static THIMBLE_INLINE int32_t thimble_walk_count(const int32_t *axes, int32_t count) {
  int32_t product = 1;
  for (int32_t axis = 0; axis < count; ++axis) {
    product *= axes[2 * axis];
  }
  return product;
}

#endif
