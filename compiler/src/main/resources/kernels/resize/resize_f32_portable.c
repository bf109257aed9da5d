/* Weighted means of pixels of the input for each of the output, float. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"
#include "common/resize.h"

typedef struct {
  const int32_t *axes;     /* see common/resize.h */
  const uint16_t *indices; /* for each entry of each axis those of the input */
  int32_t axis_count;
  int32_t pixels;       /* of the output */
  const float *weights; /* of the entries */
  int32_t inner;        /* elements of a pixel */
  float outside;        /* what stands outside of the input */
} resize_f32_params;

/* Adds a pixel of the input, times the weight of this combination of taps. */
static THIMBLE_INLINE void resize_f32_add(const resize_f32_params *p, const int32_t *taps,
                                          int32_t combination, const float *in, float *to) {
  float weight = 1.0f;
  int32_t from = 0;
  for (int32_t axis = p->axis_count - 1; axis >= 0; --axis) {
    const int32_t *a = p->axes + THIMBLE_RESIZE_NUMBERS * axis;
    int32_t tap = taps[axis] + combination % a[THIMBLE_RESIZE_TAPS];
    combination /= a[THIMBLE_RESIZE_TAPS];
    weight *= p->weights[tap];
    from += p->indices[tap] * a[THIMBLE_RESIZE_STRIDE];
  }
  if (weight != 0.0f) {
    for (int32_t c = 0; c < p->inner; ++c) {
      to[c] += weight * in[from + c];
    }
  }
}

static THIMBLE_NOINLINE void resize_f32(const void *params, const void *const *inputs, void *out,
                                        void *scratch) {
  const resize_f32_params *p = (const resize_f32_params *)params;
  float *to = (float *)out;
  int32_t taps[THIMBLE_RESIZE_AXES];
  int32_t combinations = 1;
  (void)scratch;
  for (int32_t axis = 0; axis < p->axis_count; ++axis) {
    combinations *= p->axes[THIMBLE_RESIZE_NUMBERS * axis + THIMBLE_RESIZE_TAPS];
  }
  for (int32_t pixel = 0; pixel < p->pixels; ++pixel, to += p->inner) {
    int32_t inside = thimble_resize_taps(p->axes, p->axis_count, p->indices, pixel, taps);
    for (int32_t c = 0; c < p->inner; ++c) {
      to[c] = inside ? 0.0f : p->outside;
    }
    for (int32_t i = 0; inside && i < combinations; ++i) {
      resize_f32_add(p, taps, i, (const float *)inputs[0], to);
    }
  }
}
