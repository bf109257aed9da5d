/* Convolution of floats, which are quantised to int8 when they arrive, by a filter of int8
 * (docs/quantization.md, rule Q62): [N][H][W][C] to [N][H'][W'][O]. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"
#include "common/mixed_window.h"

typedef struct {
  const int8_t *filter; /* [O][KH][KW][I] */
  const float *scale;   /* [O], or [1] */
  const float *bias;    /* [O] */
  mixed_window window;
  int32_t batch;        /* N */
  int32_t input_height; /* H */
  int32_t output_height;
  int32_t output_width;
  float min; /* the bounds of the activation */
  float max;
  uint16_t stride_height;
  uint16_t top;        /* rows of padding */
  uint8_t per_channel; /* 1: scale has an entry for each channel */
  uint8_t asymmetric;  /* 1: activations are quantised with a zero point */
} mixed_conv2d_f32_params;

/* The nearest integer, ties away from zero, within the bounds; 0 for what is not a number. */
static THIMBLE_INLINE int32_t mixed_conv2d_f32_round(float real, int32_t min, int32_t max) {
  if (real >= (float)max) {
    return max;
  }
  if (real <= (float)min) {
    return min;
  }
  int32_t whole = real == real ? (int32_t)real : 0;
  float fraction = real - (float)whole;
  return whole + (fraction >= 0.5f) - (fraction <= -0.5f);
}

/* The zero point of a range that includes 0. */
static THIMBLE_NOINLINE int32_t mixed_conv2d_f32_zero_point(double least, double most,
                                                            double scale) {
  double from_least = -128.0 - least / scale;
  double from_most = 127.0 - most / scale;
  double real = 128.0 + fabs(least / scale) < 127.0 + fabs(most / scale) ? from_least : from_most;
  if (real <= -128.0) {
    return -128;
  }
  if (real >= 127.0) {
    return 127;
  }
  return (int32_t)(real < 0.0 ? ceil(real - 0.5) : floor(real + 0.5));
}

/* Quantises the elements; the scale is returned, the zero point written. */
static THIMBLE_NOINLINE float mixed_conv2d_f32_quantize(const float *from, int32_t count,
                                                        int32_t asymmetric, int8_t *to,
                                                        int32_t *zero_point) {
  float least = 0.0f, most = 0.0f, scale = 1.0f, inverse = 0.0f;
  int32_t min = asymmetric ? -128 : -127;
  *zero_point = 0;
  for (int32_t i = 0; i < count; ++i) {
    least = from[i] < least ? from[i] : least;
    most = from[i] > most ? from[i] : most;
  }
  if (least < most && asymmetric) {
    double exact = ((double)most - (double)least) / 255.0;
    *zero_point = mixed_conv2d_f32_zero_point((double)least, (double)most, exact);
    scale = (float)exact;
    inverse = 1.0f / scale;
  } else if (least < most) {
    float range = -least > most ? -least : most;
    scale = range / 127.0f;
    inverse = 127.0f / range;
  }
  for (int32_t i = 0; i < count; ++i) {
    float product = from[i] * inverse;
    to[i] = (int8_t)mixed_conv2d_f32_round((float)*zero_point + product, min, 127);
  }
  return scale;
}

/* The products of a filter and the window at (row, column) of a quantised map. */
static THIMBLE_NOINLINE int32_t mixed_conv2d_f32_sum(const mixed_conv2d_f32_params *p,
                                                     const int8_t *map, int32_t zero_point,
                                                     int32_t row, int32_t column,
                                                     const int8_t *w) {
  const mixed_window *window = &p->window;
  int32_t sum = 0;
  for (int32_t ky = 0; ky < window->kernel_height; ++ky) {
    int32_t y = row + ky * window->dilation_height;
    for (int32_t kx = 0; kx < window->kernel_width; ++kx) {
      int32_t x = column + kx * window->dilation_width;
      if (y >= 0 && y < p->input_height && x >= 0 && x < window->input_width) {
        const int8_t *from = map + (y * window->input_width + x) * window->channels;
        for (int32_t i = 0; i < window->depth; ++i) {
          sum += (from[i] - zero_point) * w[i];
        }
      }
      w += window->depth;
    }
  }
  return sum;
}

/* Writes the output of one batch entry. */
static THIMBLE_NOINLINE void mixed_conv2d_f32_entry(const mixed_conv2d_f32_params *p,
                                                    const int8_t *map, int32_t zero_point,
                                                    float scale, float *to) {
  const mixed_window *window = &p->window;
  int32_t volume = window->kernel_height * window->kernel_width * window->depth;
  for (int32_t y = 0; y < p->output_height; ++y) {
    for (int32_t x = 0; x < p->output_width; ++x) {
      for (int32_t o = 0; o < window->filters; ++o) {
        const int8_t *group = map + o / window->group_filters * window->depth;
        float real = (float)mixed_conv2d_f32_sum(
            p, group, zero_point, y * p->stride_height - p->top,
            x * window->stride_width - window->left, p->filter + o * volume);
        if (p->per_channel) {
          real = real * p->scale[o] * scale;
        } else {
          real = real * (scale * p->scale[0]);
        }
        real += p->bias[o];
        *to++ = real < p->min ? p->min : real > p->max ? p->max : real;
      }
    }
  }
}

/* scratch is [H][W][C], of bytes. */
static THIMBLE_NOINLINE void mixed_conv2d_f32(const void *params, const void *const *inputs,
                                              void *out, void *scratch) {
  const mixed_conv2d_f32_params *p = (const mixed_conv2d_f32_params *)params;
  const float *from = (const float *)inputs[0];
  float *to = (float *)out;
  int8_t *map = (int8_t *)scratch;
  int32_t count = p->input_height * p->window.input_width * p->window.channels;
  int32_t zero_point;
  for (int32_t b = 0; b < p->batch; ++b) {
    float scale = mixed_conv2d_f32_quantize(from, count, p->asymmetric, map, &zero_point);
    mixed_conv2d_f32_entry(p, map, zero_point, scale, to);
    from += count;
    to += p->output_height * p->output_width * p->window.filters;
  }
}
