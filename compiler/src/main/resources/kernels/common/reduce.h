/* Which elements a reduction combines: those along the reduced axes, for every entry of the kept
 * ones, in memory order. */
#ifndef THIMBLE_REDUCE_H
#define THIMBLE_REDUCE_H

#include <stdint.h>

#include "common/function.h"

/* What the reductions are called in parameters. */
enum {
  THIMBLE_REDUCE_SUM,
  THIMBLE_REDUCE_MAX,
  THIMBLE_REDUCE_MIN,
  THIMBLE_REDUCE_PROD,
  THIMBLE_REDUCE_L1,
  THIMBLE_REDUCE_SQUARES,
  THIMBLE_REDUCE_MEAN
};

/* The element that number `i` of these axes names; axes holds pairs of extent and stride. */
static THIMBLE_INLINE int32_t thimble_reduce_at(const int32_t *axes, int32_t count, int32_t i) {
  int32_t at = 0;
  for (int32_t axis = count - 1; axis > 0; --axis) {
    int32_t extent = axes[2 * axis];
    at += i % extent * axes[2 * axis + 1];
    i /= extent;
  }
  return at + i * axes[1];
}

/* The product of the axes' extents. */
static THIMBLE_INLINE int32_t thimble_reduce_count(const int32_t *axes, int32_t count) {
  int32_t product = 1;
  for (int32_t axis = 0; axis < count; ++axis) {
    product *= axes[2 * axis];
  }
  return product;
}

#endif
