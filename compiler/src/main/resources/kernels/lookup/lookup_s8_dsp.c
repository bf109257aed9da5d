/* Any function of an int8 element, by its results for all of them, of a row of elements, on cores
 * with the DSP extension: four elements at a time. */
#include <stdint.h>

#include "common/dsp_pixels.h"
#include "common/function.h"

typedef struct {
  const int8_t *table; /* [256], by the element read as a uint8 */
} lookup_s8_dsp_params;

static THIMBLE_NOINLINE void lookup_s8_dsp(const void *params, const void *const *rows, int32_t x0,
                                           int32_t x1, void *out, void *scratch) {
  const lookup_s8_dsp_params *p = (const lookup_s8_dsp_params *)params;
  const int8_t *table = p->table;
  const int8_t *from = (const int8_t *)rows[0] + x0;
  int8_t *to = (int8_t *)out + x0;
  int8_t *end = (int8_t *)out + x1;
  (void)scratch;
  for (; end - to >= 8; to += 8, from += 8) {
    uint32_t low = dsp_load4(from);
    uint32_t high = dsp_load4(from + 4);
    to[0] = table[low & 0xFFu];
    to[1] = table[low >> 8 & 0xFFu];
    to[2] = table[low >> 16 & 0xFFu];
    to[3] = table[low >> 24];
    to[4] = table[high & 0xFFu];
    to[5] = table[high >> 8 & 0xFFu];
    to[6] = table[high >> 16 & 0xFFu];
    to[7] = table[high >> 24];
  }
  for (; to < end; ++to, ++from) {
    *to = table[(uint8_t)*from];
  }
}
