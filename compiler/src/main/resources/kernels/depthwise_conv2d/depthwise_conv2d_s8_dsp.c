/* Convolution of each channel by itself with any windows, int8, on cores with the DSP extension:
 * output row [W][C] from KH input rows [W][C], pixel after pixel, four channels at a time. */
#include <stdint.h>
#include <string.h>

#include "common/bias_fraction.h"
#include "common/dsp_clamp.h"
#include "common/dsp_depthwise.h"
#include "common/function.h"
#include "common/requantize.h"

/* The scratch memory holds a pointer for each tap and C elements that stand for a pixel outside. */
typedef struct {
  const int32_t *filter;     /* of each four channels, then of each other one a byte for each tap */
  const int32_t *requantize; /* [C][2], a multiplier and the start of 256 times the sum */
  const int32_t *exact;      /* of each channel whose multiplier is -1 - i: multiplier i and shift */
  int32_t input_width;
  int32_t channels;
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left; /* columns of padding */
  int8_t min;    /* the bounds of the activation */
  int8_t max;
  int8_t input_zero_point;
  int8_t output_zero_point;
#ifdef THIMBLE_BIAS_FRACTIONS
  const uint8_t *fraction; /* of the biases of the channels in `exact`, in units of 2^-8, or null */
#endif
} depthwise_conv2d_s8_dsp_params;

/* The output of 256 times a sum. */
static THIMBLE_INLINE int8_t depthwise_conv2d_s8_dsp_output(const depthwise_conv2d_s8_dsp_params *p,
                                                            const int32_t *requantize,
                                                            int32_t sum) {
  int32_t result;
  if (requantize[0] < 0) {
    const int32_t *exact = p->exact - 2 * (requantize[0] + 1);
    int32_t zero = p->output_zero_point;
    result = thimble_requantize_bias(sum >> 8, THIMBLE_FRACTION(p, -1 - requantize[0]), exact[0],
                                     exact[1]);
    return (int8_t)(thimble_clamp(result, INT8_MIN - zero, INT8_MAX - zero) + zero);
  }
  __asm__("smmul %0, %1, %2\n\tssat %0, #8, %0, asr #12"
          : "=&r"(result)
          : "r"(sum), "r"(requantize[0]));
  return (int8_t)result;
}

/* Points at the taps of the window that begins with this column, less an offset. Returns whether
 * the windows that begin with other columns within the map lie likewise. */
static THIMBLE_NOINLINE int32_t depthwise_conv2d_s8_dsp_taps(
    const depthwise_conv2d_s8_dsp_params *p, const void *const *rows, int32_t column,
    int32_t offset, const int8_t **taps, const int8_t *outside) {
  int32_t inside = 1;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    int32_t at = column;
    for (int32_t kx = 0; kx < p->kernel_width; ++kx) {
      if (row && at >= 0 && at < p->input_width) {
        *taps++ = row + (at * p->channels - offset);
      } else {
        *taps++ = outside - offset;
        inside = 0;
      }
      at += p->dilation_width;
    }
  }
  return inside;
}

/* The channels that are left over, of a pixel. */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_dsp_rest(const depthwise_conv2d_s8_dsp_params *p,
                                                          const int8_t *const *taps, int32_t count,
                                                          int32_t offset, const int8_t *filter,
                                                          int8_t *to) {
  for (int32_t c = p->channels & ~3; c < p->channels; ++c) {
    const int32_t *requantize = p->requantize + 2 * c;
    uint32_t sum = 0;
    for (int32_t tap = 0; tap < count; ++tap) {
      sum += (uint32_t)(taps[tap][offset + c] * *filter++);
    }
    sum = (sum << 8) + (uint32_t)requantize[1];
    to[c] = depthwise_conv2d_s8_dsp_output(p, requantize, (int32_t)sum);
  }
}

static THIMBLE_NOINLINE void depthwise_conv2d_s8_dsp(const void *params, const void *const *rows,
                                                     int32_t x0, int32_t x1, void *out,
                                                     void *scratch) {
  const depthwise_conv2d_s8_dsp_params *p = (const depthwise_conv2d_s8_dsp_params *)params;
  const int8_t **taps = (const int8_t **)scratch;
  int32_t count = p->kernel_height * p->kernel_width;
  int32_t span = (p->kernel_width - 1) * p->dilation_width;
  int32_t inside = 0;
  int8_t *outside = (int8_t *)(taps + count);
  int8_t *to = (int8_t *)out + x0 * p->channels;
  dsp_depthwise job;
  memset(outside, p->input_zero_point, (uint32_t)p->channels);
  job.taps = taps;
  job.taps_end = taps + (count & ~1);
  job.odd = count & 1;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * p->stride_width - p->left;
    int32_t offset = column * p->channels;
    const int32_t *requantize = p->requantize;
    if (!inside || column + span >= p->input_width) {
      inside = depthwise_conv2d_s8_dsp_taps(p, rows, column, offset, taps, outside);
    }
    job.filter = p->filter;
    for (int32_t c = 0; c < p->channels - 3; c += 4) {
      job.offset = offset + c;
      for (int32_t i = 0; i < 4; ++i) {
        job.sums[i] = requantize[2 * i + 1];
      }
      dsp_depthwise_four(&job);
      for (int32_t i = 0; i < 4; ++i, requantize += 2) {
        to[c + i] = depthwise_conv2d_s8_dsp_output(p, requantize, job.sums[i]);
      }
    }
    depthwise_conv2d_s8_dsp_rest(p, taps, count, offset, (const int8_t *)job.filter, to);
    dsp_clamp_row(to, p->channels, p->min, p->max);
    to += p->channels;
  }
}
