/* The nearest pixel of the input for each of the output, elements of any type. */
#include <stdint.h>
#include <string.h>

#include "common/elements.h"
#include "common/function.h"
#include "common/resize.h"

typedef struct {
  const int32_t *axes;     /* see common/resize.h */
  const uint16_t *indices; /* for each entry of each axis that of the input */
  int32_t axis_count;
  int32_t pixels;    /* of the output */
  int32_t run;       /* bytes of a pixel */
  int32_t width;     /* bytes of an element */
  int32_t fill_low;  /* the bits of an element outside of the input */
  int32_t fill_high;
} resize_nearest_params;

static THIMBLE_NOINLINE void resize_nearest(const void *params, const void *const *inputs,
                                            void *out, void *scratch) {
  const resize_nearest_params *p = (const resize_nearest_params *)params;
  uint8_t *to = (uint8_t *)out;
  int32_t taps[THIMBLE_RESIZE_AXES];
  (void)scratch;
  for (int32_t pixel = 0; pixel < p->pixels; ++pixel, to += p->run) {
    int32_t from = 0;
    if (!thimble_resize_taps(p->axes, p->axis_count, p->indices, pixel, taps)) {
      thimble_fill_elements(to, p->run / p->width, p->width, p->fill_low, p->fill_high);
      continue;
    }
    for (int32_t axis = 0; axis < p->axis_count; ++axis) {
      const int32_t *a = p->axes + THIMBLE_RESIZE_NUMBERS * axis;
      from += p->indices[taps[axis]] * a[THIMBLE_RESIZE_STRIDE];
    }
    memcpy(to, (const uint8_t *)inputs[0] + from * p->width, (uint32_t)p->run);
  }
}
