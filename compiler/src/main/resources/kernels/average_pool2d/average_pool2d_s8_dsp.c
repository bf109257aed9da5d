/* Average over windows, int8 (docs/quantization.md, rule Q17), on cores with the DSP extension:
 * output row [W][C] from KH input rows [W][C], four channels at a time, for windows of at most 255
 * elements and C >= 4. Quotients are rounded to the nearest, ties away from zero. Null rows and
 * columns outside of the map take no part, nor are they counted. Channels are stored after all
 * their taps have been read, so without padding at the top or left the output may overwrite the
 * input. */
#include <stdint.h>

#include "common/dsp_pixels.h"
#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  int32_t input_width;
  int32_t channels; /* C */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t left; /* columns of padding */
  int16_t min;   /* the bounds of the activation */
  int16_t max;
} average_pool2d_s8_dsp_params;

/* The quotient of a sum, rounded and clamped. */
static THIMBLE_INLINE uint32_t average_pool2d_s8_dsp_quotient(
    const average_pool2d_s8_dsp_params *p, int32_t sum, int32_t count, int32_t half) {
  sum = (sum > 0 ? sum + half : sum - half) / count;
  return (uint32_t)thimble_clamp(sum, p->min, p->max) & 0xFFu;
}

/* The averages of four channels over windows of `height` rows and `width` columns, both above 0.
 * Sums of two channels share a word. */
static THIMBLE_NOINLINE uint32_t average_pool2d_s8_dsp_four(
    const average_pool2d_s8_dsp_params *p, const void *const *rows, int32_t offset, int32_t width,
    int32_t count) {
  uint32_t even = 0;
  uint32_t odd = 0;
  int32_t half = count >> 1;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky];
    if (row) {
      const int8_t *from = row + offset;
      int32_t left = width;
      do {
        uint32_t word = dsp_load4(from);
        from += p->channels;
        __asm__("sxtab16 %0, %0, %1" : "+r"(even) : "r"(word));
        __asm__("sxtab16 %0, %0, %1, ror #8" : "+r"(odd) : "r"(word));
      } while (--left > 0);
    }
  }
  return average_pool2d_s8_dsp_quotient(p, (int16_t)even, count, half) |
         average_pool2d_s8_dsp_quotient(p, (int16_t)odd, count, half) << 8 |
         average_pool2d_s8_dsp_quotient(p, (int32_t)even >> 16, count, half) << 16 |
         average_pool2d_s8_dsp_quotient(p, (int32_t)odd >> 16, count, half) << 24;
}

static THIMBLE_NOINLINE void average_pool2d_s8_dsp(const void *params, const void *const *rows,
                                                   int32_t x0, int32_t x1, void *out,
                                                   void *scratch) {
  const average_pool2d_s8_dsp_params *p = (const average_pool2d_s8_dsp_params *)params;
  int32_t height = 0;
  (void)scratch;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    height += rows[ky] != 0;
  }
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * p->stride_width - p->left;
    int32_t end = column + p->kernel_width;
    int8_t *to = (int8_t *)out + x * p->channels;
    int32_t c = 0;
    column = column > 0 ? column : 0;
    end = end < p->input_width ? end : p->input_width;
    int32_t count = height * (end - column);
    for (; c < p->channels - 3; c += 4) {
      dsp_store4(to + c, average_pool2d_s8_dsp_four(p, rows, column * p->channels + c,
                                                    end - column, count));
    }
    for (; c < p->channels; ++c) {
      int32_t sum = 0;
      for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
        const int8_t *row = (const int8_t *)rows[ky];
        for (int32_t at = row ? column : end; at < end; ++at) {
          sum += row[at * p->channels + c];
        }
      }
      to[c] = (int8_t)average_pool2d_s8_dsp_quotient(p, sum, count, count >> 1);
    }
  }
}
