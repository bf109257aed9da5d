/* What the memory of an SVDF becomes when a frame arrives, float: [batch][filters][frames], the
 * oldest result of each filter dropped and its product with the frame put behind the others. */
#include <stdint.h>
#include <string.h>

#include "common/dot_f32.h"
#include "common/function.h"

typedef struct {
  const float *filter; /* [filters][depth] */
  int32_t batch;
  int32_t filters;
  int32_t frames;
  int32_t depth;
} svdf_memory_f32_params;

static THIMBLE_NOINLINE void svdf_memory_f32(const void *params, const void *const *inputs,
                                             void *out, void *scratch) {
  const svdf_memory_f32_params *p = (const svdf_memory_f32_params *)params;
  const float *memory = (const float *)inputs[0];
  const float *frame = (const float *)inputs[1];
  float *to = (float *)out;
  int32_t elements = p->batch * p->filters * p->frames;
  (void)scratch;
  memmove(to, memory + 1, (uint32_t)(elements - 1) * sizeof(float));
  for (int32_t b = 0; b < p->batch; ++b) {
    const float *w = p->filter;
    for (int32_t f = 0; f < p->filters; ++f) {
      to += p->frames;
      to[-1] = thimble_dot_f32(w, frame, p->depth);
      w += p->depth;
    }
    frame += p->depth;
  }
}
