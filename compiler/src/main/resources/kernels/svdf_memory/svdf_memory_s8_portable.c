/* What the memory of an SVDF becomes when a frame arrives, int8 frames: [batch][filters][frames],
 * the oldest result of each filter dropped and its product with the frame put behind the others.
 * Rule Q40 of docs/quantization.md. */
#include <stdint.h>
#include <string.h>

#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  const int8_t *filter; /* [filters][depth] */
  int32_t batch;
  int32_t filters;
  int32_t frames;
  int32_t depth;
  int32_t multiplier;
  int8_t shift;
  int8_t zero_point; /* of the frame */
  uint8_t wide;      /* 1: the memory's elements are int16, 0: int8 */
} svdf_memory_s8_params;

static THIMBLE_NOINLINE void svdf_memory_s8(const void *params, const void *const *inputs,
                                            void *out, void *scratch) {
  const svdf_memory_s8_params *p = (const svdf_memory_s8_params *)params;
  const int8_t *frame = (const int8_t *)inputs[1];
  uint32_t width = p->wide ? 2 : 1;
  uint32_t elements = (uint32_t)(p->batch * p->filters * p->frames);
  int32_t at = -1;
  (void)scratch;
  memmove(out, (const uint8_t *)inputs[0] + width, (elements - 1) * width);
  for (int32_t b = 0; b < p->batch; ++b) {
    const int8_t *w = p->filter;
    for (int32_t f = 0; f < p->filters; ++f) {
      uint32_t sum = 0;
      for (int32_t i = 0; i < p->depth; ++i) {
        sum += (uint32_t)(*w++ * (frame[i] - p->zero_point));
      }
      int32_t value = thimble_requantize((int32_t)sum, p->multiplier, p->shift);
      at += p->frames;
      if (p->wide) {
        ((int16_t *)out)[at] = (int16_t)thimble_clamp(value, INT16_MIN, INT16_MAX);
      } else {
        ((int8_t *)out)[at] = (int8_t)thimble_clamp(value, INT8_MIN, INT8_MAX);
      }
    }
    frame += p->depth;
  }
}
