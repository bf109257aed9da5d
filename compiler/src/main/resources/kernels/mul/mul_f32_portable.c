/* Elementwise product, float: output row [W][C] from a row of each operand; the strides are 0 along
 * the axes that broadcasting repeats. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  const float *second; /* a constant row, or null where the second operand is read at run time */
  int32_t channels;    /* C */
  int32_t first_pixel; /* the distance from one column to the next, in elements */
  int32_t second_pixel;
  float min; /* the bounds of the activation */
  float max;
  uint8_t first_channel; /* the distance from one channel to the next: 0 or 1 */
  uint8_t second_channel;
} mul_f32_params;

static THIMBLE_NOINLINE void mul_f32(const void *params, const void *const *rows, int32_t x0,
                                     int32_t x1, void *out, void *scratch) {
  const mul_f32_params *p = (const mul_f32_params *)params;
  const float *first = (const float *)rows[0];
  const float *second = p->second ? p->second : (const float *)rows[1];
  float *to = (float *)out + x0 * p->channels;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    const float *a = first + x * p->first_pixel;
    const float *b = second + x * p->second_pixel;
    for (int32_t c = 0; c < p->channels; ++c) {
      float product = *a * *b;
      *to++ = product < p->min ? p->min : product > p->max ? p->max : product;
      a += p->first_channel;
      b += p->second_channel;
    }
  }
}
