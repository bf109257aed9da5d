/* Maximum over windows, int8, on cores with the DSP extension: output row [W][C] from KH input rows
 * [W][C], four channels at a time. Null rows and columns outside of the map take no part. Channels
 * are stored after all their taps have been read, so without padding at the top or left the output
 * may overwrite the input. */
#include <stdint.h>
#include <string.h>

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
} max_pool2d_s8_dsp_params;

/* The maximum of one channel, over columns [column, end). */
static THIMBLE_NOINLINE int32_t max_pool2d_s8_dsp_one(const max_pool2d_s8_dsp_params *p,
                                                      const void *const *rows, int32_t column,
                                                      int32_t end, int32_t channel) {
  int32_t best = p->min;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky];
    for (int32_t at = row ? column : end; at < end; ++at) {
      int32_t value = row[at * p->channels + channel];
      best = value > best ? value : best;
    }
  }
  return best < p->max ? best : p->max;
}

/* The maxima of four channels. */
static THIMBLE_INLINE uint32_t max_pool2d_s8_dsp_four(const max_pool2d_s8_dsp_params *p,
                                                      const void *const *rows, int32_t offset,
                                                      int32_t width, uint32_t best) {
  int32_t channels = p->channels;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky];
    if (row) {
      const int8_t *from = row + offset;
      int32_t left = width;
      do {
        best = dsp_max4(dsp_load4(from), best);
        from += channels;
      } while (--left > 0);
    }
  }
  return best;
}

static THIMBLE_NOINLINE void max_pool2d_s8_dsp(const void *params, const void *const *rows,
                                               int32_t x0, int32_t x1, void *out, void *scratch) {
  const max_pool2d_s8_dsp_params *p = (const max_pool2d_s8_dsp_params *)params;
  uint32_t min = dsp_repeat4(p->min);
  uint32_t max = dsp_repeat4(p->max);
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * p->stride_width - p->left;
    int32_t end = column + p->kernel_width;
    int8_t *to = (int8_t *)out + x * p->channels;
    int32_t c = 0;
    column = column > 0 ? column : 0;
    end = end < p->input_width ? end : p->input_width;
    for (; c < p->channels - 3 && end > column; c += 4) {
      uint32_t best =
          max_pool2d_s8_dsp_four(p, rows, column * p->channels + c, end - column, min);
      dsp_store4(to + c, dsp_min4(best, max));
    }
    for (; c < p->channels; ++c) {
      to[c] = (int8_t)max_pool2d_s8_dsp_one(p, rows, column, end, c);
    }
  }
}
