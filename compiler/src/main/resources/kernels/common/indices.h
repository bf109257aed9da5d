/* Indices that are read at run time. */
#ifndef THIMBLE_INDICES_H
#define THIMBLE_INDICES_H

#include <stdint.h>

#include "common/function.h"

/* Number i of int32 or int64 numbers. */
static THIMBLE_INLINE int64_t thimble_index(const void *indices, int32_t bytes, int32_t i) {
  return bytes == 4 ? ((const int32_t *)indices)[i] : ((const int64_t *)indices)[i];
}

/* The entry that an index names: below 0 it counts from the end of the axis, and outside of the
 * axis it stands for the nearest entry, so that nothing outside of the tensor is ever touched. */
static THIMBLE_INLINE int32_t thimble_entry(int64_t index, int32_t extent) {
  int64_t entry = index < 0 ? index + extent : index;
  return entry < 0 ? 0 : entry >= extent ? extent - 1 : (int32_t)entry;
}

#endif
