/* Convolution of each channel by itself for RISC-V, int8: output row [W][C] from KH input rows
 * [W][C]. Four channels of two pixels are summed at once. */
#include <stdint.h>

#include "common/function.h"
#include "common/requantize_s8_riscv.h"

typedef struct {
  const int8_t *filter;      /* [KH][KW][C] */
  const int32_t *bias;       /* [C], less input zero point * sum of the filter, modulo 2^32 */
  const int32_t *multiplier; /* [C], or [1] where all channels agree */
  const int8_t *shift;       /* as multiplier */
  int32_t input_width;
  int32_t channels; /* C */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left; /* columns of padding */
  int16_t min;   /* the bounds of the activation, less the output's zero point */
  int16_t max;
  int8_t input_zero_point;
  int8_t output_zero_point;
  uint8_t per_channel; /* 1: multiplier and shift have an entry for each channel */
#ifdef THIMBLE_BIAS_FRACTIONS
  const uint8_t *fraction; /* [C] of the biases, in units of 2^-8, or null */
#endif
} depthwise_conv2d_s8_riscv_params;

/* The pixels of a block, whose channels are computed four by four. */
#define THIMBLE_RISCV_PIXELS 8

/* Four adjoining channels. */
typedef struct {
  requantize_s8_riscv_channel constants[4];
  const int8_t *filter;
  const int32_t *bias;
  int32_t channel;
#ifdef THIMBLE_BIAS_FRACTIONS
  const uint8_t *fraction; /* of these channels, or null */
#endif
} depthwise_conv2d_s8_riscv_lanes;

/* Adds the products of a kernel row for four channels of two pixels. `y` may be `x`. Compilers would
 * spill the sums. */
static THIMBLE_SPECIALIZED void depthwise_conv2d_s8_riscv_row(const int8_t *x, const int8_t *y,
                                                              intptr_t step, const int8_t *w,
                                                              intptr_t channels, const int8_t *end,
                                                              uint32_t *a, uint32_t *b) {
  uint32_t t, u, v;
  __asm__ volatile(
      "1:\n"
      "lb   %[t], 0(%[w])\n"
      "lb   %[u], 0(%[x])\n"
      "lb   %[v], 0(%[y])\n"
      "mul  %[u], %[u], %[t]\n"
      "mul  %[v], %[v], %[t]\n"
      "add  %[a0], %[a0], %[u]\n"
      "add  %[b0], %[b0], %[v]\n"
      "lb   %[t], 1(%[w])\n"
      "lb   %[u], 1(%[x])\n"
      "lb   %[v], 1(%[y])\n"
      "mul  %[u], %[u], %[t]\n"
      "mul  %[v], %[v], %[t]\n"
      "add  %[a1], %[a1], %[u]\n"
      "add  %[b1], %[b1], %[v]\n"
      "lb   %[t], 2(%[w])\n"
      "lb   %[u], 2(%[x])\n"
      "lb   %[v], 2(%[y])\n"
      "mul  %[u], %[u], %[t]\n"
      "mul  %[v], %[v], %[t]\n"
      "add  %[a2], %[a2], %[u]\n"
      "add  %[b2], %[b2], %[v]\n"
      "lb   %[t], 3(%[w])\n"
      "lb   %[u], 3(%[x])\n"
      "lb   %[v], 3(%[y])\n"
      "mul  %[u], %[u], %[t]\n"
      "mul  %[v], %[v], %[t]\n"
      "add  %[a3], %[a3], %[u]\n"
      "add  %[b3], %[b3], %[v]\n"
      "add  %[x], %[x], %[step]\n"
      "add  %[y], %[y], %[step]\n"
      "add  %[w], %[w], %[channels]\n"
      "bne  %[w], %[end], 1b\n"
      : [x] "+r"(x), [y] "+r"(y), [w] "+r"(w), [a0] "+r"(a[0]), [a1] "+r"(a[1]), [a2] "+r"(a[2]),
        [a3] "+r"(a[3]), [b0] "+r"(b[0]), [b1] "+r"(b[1]), [b2] "+r"(b[2]), [b3] "+r"(b[3]),
        [t] "=&r"(t), [u] "=&r"(u), [v] "=&r"(v)
      : [step] "r"(step), [channels] "r"(channels), [end] "r"(end)
      : "memory");
}

/* Requantises four sums and stores them. */
static THIMBLE_SPECIALIZED void depthwise_conv2d_s8_riscv_store(
    const depthwise_conv2d_s8_riscv_lanes *lanes, const uint32_t *sums, int32_t min, int32_t max,
    int32_t zero, int8_t *to) {
  for (int32_t j = 0; j < 4; ++j) {
    int32_t value =
        requantize_s8_riscv((int32_t)sums[j], THIMBLE_FRACTION(lanes, j), &lanes->constants[j], 0);
    to[j] = (int8_t)(thimble_clamp(value, min, max) + zero);
  }
}

/* Computes four channels of two pixels, whose taps lie within the map's columns. Rows outside of
 * the map see the zero point. */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_riscv_pair(
    const depthwise_conv2d_s8_riscv_params *p, const depthwise_conv2d_s8_riscv_lanes *lanes,
    const void *const *rows, int32_t column, int8_t *to) {
  uint32_t a[4] = {(uint32_t)lanes->bias[0], (uint32_t)lanes->bias[1], (uint32_t)lanes->bias[2],
                   (uint32_t)lanes->bias[3]};
  uint32_t b[4] = {a[0], a[1], a[2], a[3]};
  int8_t zero = p->input_zero_point;
  const int8_t zeros[4] = {zero, zero, zero, zero};
  int32_t channels = p->channels;
  int32_t step = p->dilation_width * channels;
  int32_t second = p->stride_width * channels;
  int32_t start = column * channels + lanes->channel;
  int32_t across = p->kernel_width * channels;
  int32_t down = p->dilation_height;
  const int8_t *w = lanes->filter;
  const void *const *end = rows + p->kernel_height * down;
  do {
    const int8_t *row = (const int8_t *)*rows;
    if (row) {
      row += start;
      depthwise_conv2d_s8_riscv_row(row, row + second, step, w, channels, w + across, a, b);
    } else {
      depthwise_conv2d_s8_riscv_row(zeros, zeros, 0, w, channels, w + across, a, b);
    }
    w += across;
    rows += down;
  } while (rows != end);
  int32_t min = p->min, max = p->max, out = p->output_zero_point;
  depthwise_conv2d_s8_riscv_store(lanes, a, min, max, out, to);
  depthwise_conv2d_s8_riscv_store(lanes, b, min, max, out, to + channels);
}

/* Computes four channels of one pixel wherever it lies: taps outside of the map see the zero
 * point. */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_riscv_one(
    const depthwise_conv2d_s8_riscv_params *p, const depthwise_conv2d_s8_riscv_lanes *lanes,
    const void *const *rows, int32_t column, int8_t *to) {
  uint32_t a[4] = {(uint32_t)lanes->bias[0], (uint32_t)lanes->bias[1], (uint32_t)lanes->bias[2],
                   (uint32_t)lanes->bias[3]};
  int8_t zero = p->input_zero_point;
  const int8_t zeros[4] = {zero, zero, zero, zero};
  int32_t channels = p->channels;
  int32_t width = p->input_width;
  int32_t last = column + p->kernel_width * p->dilation_width;
  const int8_t *w = lanes->filter;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    for (int32_t at = column; at != last; at += p->dilation_width) {
      const int8_t *x = zeros;
      if (row && at >= 0 && at < width) {
        x = row + (at * channels + lanes->channel);
      }
      a[0] += (uint32_t)(x[0] * w[0]);
      a[1] += (uint32_t)(x[1] * w[1]);
      a[2] += (uint32_t)(x[2] * w[2]);
      a[3] += (uint32_t)(x[3] * w[3]);
      w += channels;
    }
  }
  depthwise_conv2d_s8_riscv_store(lanes, a, p->min, p->max, p->output_zero_point, to);
}

/* Computes one channel of one pixel. */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_riscv_channel(
    const depthwise_conv2d_s8_riscv_params *p, const void *const *rows, int32_t channel,
    int32_t column, int8_t *to) {
  const int8_t *w = p->filter + channel;
  int32_t entry = p->per_channel ? channel : 0;
  requantize_s8_riscv_channel constants =
      requantize_s8_riscv_of(p->multiplier[entry], p->shift[entry]);
  uint32_t sum = (uint32_t)p->bias[channel];
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    int32_t at = column;
    for (int32_t tap = 0; tap < p->kernel_width; ++tap, at += p->dilation_width) {
      int32_t value = p->input_zero_point;
      if (row && at >= 0 && at < p->input_width) {
        value = row[at * p->channels + channel];
      }
      sum += (uint32_t)(value * *w);
      w += p->channels;
    }
  }
  int32_t value =
      requantize_s8_riscv((int32_t)sum, THIMBLE_FRACTION(p, channel), &constants, 0);
  *to = (int8_t)(thimble_clamp(value, p->min, p->max) + p->output_zero_point);
}

/* Computes four channels of pixels [x0, x1). */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_riscv_four(
    const depthwise_conv2d_s8_riscv_params *p, const void *const *rows, int32_t channel,
    int32_t x0, int32_t x1, int8_t *out) {
  depthwise_conv2d_s8_riscv_lanes lanes;
  int32_t stride = p->stride_width;
  int32_t span = (p->kernel_width - 1) * p->dilation_width + 1;
  lanes.filter = p->filter + channel;
  lanes.bias = p->bias + channel;
  lanes.channel = channel;
#ifdef THIMBLE_BIAS_FRACTIONS
  lanes.fraction = p->fraction ? p->fraction + channel : 0;
#endif
  for (int32_t j = 0; j < 4; ++j) {
    int32_t entry = p->per_channel ? channel + j : 0;
    lanes.constants[j] = requantize_s8_riscv_of(p->multiplier[entry], p->shift[entry]);
  }
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * stride - p->left;
    int8_t *to = out + (x * p->channels + channel);
    /* A pixel at the map's edge, and the last one, is computed by itself. */
    if (column >= 0 && x + 1 < x1 && column + stride + span <= p->input_width) {
      depthwise_conv2d_s8_riscv_pair(p, &lanes, rows, column, to);
      ++x;
    } else {
      depthwise_conv2d_s8_riscv_one(p, &lanes, rows, column, to);
    }
  }
}

static THIMBLE_NOINLINE void depthwise_conv2d_s8_riscv(const void *params, const void *const *rows,
                                                       int32_t x0, int32_t x1, void *out,
                                                       void *scratch) {
  const depthwise_conv2d_s8_riscv_params *p = (const depthwise_conv2d_s8_riscv_params *)params;
  (void)scratch;
  for (int32_t x = x0; x < x1; x += THIMBLE_RISCV_PIXELS) {
    int32_t end = x1 - x < THIMBLE_RISCV_PIXELS ? x1 : x + THIMBLE_RISCV_PIXELS;
    int32_t channel = 0;
    for (; channel + 4 <= p->channels; channel += 4) {
      depthwise_conv2d_s8_riscv_four(p, rows, channel, x, end, (int8_t *)out);
    }
    for (; channel < p->channels; ++channel) {
      for (int32_t i = x; i < end; ++i) {
        depthwise_conv2d_s8_riscv_channel(p, rows, channel, i * p->stride_width - p->left,
                                          (int8_t *)out + (i * p->channels + channel));
      }
    }
  }
}
