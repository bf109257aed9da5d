/* Elementwise product, int8: output row [W][C] from a row of each operand; the strides are 0 along
 * the axes that broadcasting repeats. */
#include <stdint.h>

#include "common/function.h"
#include "common/mul_s8.h"

typedef struct {
  const int8_t *second; /* a constant row, or null where the second operand is read at run time */
  int32_t channels;     /* C */
  int32_t first_pixel;  /* the distance from one column to the next, in elements */
  int32_t second_pixel;
  mul_s8_quantization quantization;
  uint8_t first_channel; /* the distance from one channel to the next: 0 or 1 */
  uint8_t second_channel;
} mul_s8_params;

static THIMBLE_NOINLINE void mul_s8(const void *params, const void *const *rows, int32_t x0,
                                    int32_t x1, void *out, void *scratch) {
  const mul_s8_params *p = (const mul_s8_params *)params;
  const int8_t *first = (const int8_t *)rows[0];
  const int8_t *second = p->second ? p->second : (const int8_t *)rows[1];
  int8_t *to = (int8_t *)out + x0 * p->channels;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    const int8_t *a = first + x * p->first_pixel;
    const int8_t *b = second + x * p->second_pixel;
    for (int32_t c = 0; c < p->channels; ++c) {
      *to++ = mul_s8_product(&p->quantization, *a, *b);
      a += p->first_channel;
      b += p->second_channel;
    }
  }
}
