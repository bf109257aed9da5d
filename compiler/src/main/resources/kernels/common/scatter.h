/* Updates that fall on elements. */
#ifndef THIMBLE_SCATTER_H
#define THIMBLE_SCATTER_H

#include <stdint.h>
#include <string.h>

#include "common/elements.h"
#include "common/function.h"
#include "common/integers.h"

/* What becomes of an element. */
enum {
  THIMBLE_SCATTER_NONE,
  THIMBLE_SCATTER_ADD,
  THIMBLE_SCATTER_MUL,
  THIMBLE_SCATTER_MIN,
  THIMBLE_SCATTER_MAX
};

typedef struct {
  int32_t reduction; /* one of these */
  int32_t type;      /* see common/integers.h; 0 for floats */
  int32_t width;     /* the bytes of an element */
} thimble_scatter_kind;

/* Combines element `i` of out with an update. */
static THIMBLE_INLINE void thimble_scatter_float(int32_t reduction, float *out, int32_t i,
                                                 float update) {
  float so = out[i];
  switch (reduction) {
    case THIMBLE_SCATTER_ADD:
      out[i] = so + update;
      break;
    case THIMBLE_SCATTER_MUL:
      out[i] = so * update;
      break;
    case THIMBLE_SCATTER_MIN:
      out[i] = update < so || update != update ? update : so;
      break;
    default:
      out[i] = update > so || update != update ? update : so;
      break;
  }
}

static THIMBLE_INLINE void thimble_scatter_integer(const thimble_scatter_kind *kind, void *out,
                                                   int32_t i, int64_t update) {
  int64_t so = thimble_integer(out, kind->type, i);
  switch (kind->reduction) {
    case THIMBLE_SCATTER_ADD:
      so = (int64_t)((uint64_t)so + (uint64_t)update);
      break;
    case THIMBLE_SCATTER_MUL:
      so = (int64_t)((uint64_t)so * (uint64_t)update);
      break;
    case THIMBLE_SCATTER_MIN:
      so = update < so ? update : so;
      break;
    default:
      so = update > so ? update : so;
      break;
  }
  thimble_put_integer(out, kind->type, i, so);
}

/* Lets `count` updates from number `k` on fall on the elements from number `i` on. */
static THIMBLE_INLINE void thimble_scatter(const thimble_scatter_kind *kind, void *out, int32_t i,
                                           const void *updates, int32_t k, int32_t count) {
  if (kind->reduction == THIMBLE_SCATTER_NONE) {
    memcpy((uint8_t *)out + i * kind->width, (const uint8_t *)updates + k * kind->width,
           (uint32_t)(count * kind->width));
    return;
  }
  for (int32_t n = 0; n < count; ++n) {
    if (kind->type == 0) {
      thimble_scatter_float(kind->reduction, (float *)out, i + n,
                            ((const float *)updates)[k + n]);
    } else {
      thimble_scatter_integer(kind, out, i + n, thimble_integer(updates, kind->type, k + n));
    }
  }
}

#endif
