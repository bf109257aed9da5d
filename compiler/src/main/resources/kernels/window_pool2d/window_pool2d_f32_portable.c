/* Pooling over windows with holes and padding that counts, float: output row [W][C] from the input
 * rows [W][C] that the window spans; elements are taken in the order row, column. */
#include <math.h>
#include <stdint.h>

#include "common/function.h"
#include "common/window_pool2d.h"

typedef struct {
  window_pool2d_places places;
  float min; /* the bounds of the activation */
  float max;
  int32_t power;    /* of a norm; 1 for all others */
  uint8_t function; /* 0 maximum, 1 average, 2 norm, 3 root of the average of squares */
} window_pool2d_f32_params;

static THIMBLE_INLINE float window_pool2d_f32_add(const window_pool2d_f32_params *p, float sum,
                                                  float x) {
  if (p->function == 0) {
    return x > sum ? x : sum;
  }
  if (p->function == 1) {
    return sum + x;
  }
  if (p->function == 3 || p->power == 2) {
    return sum + x * x;
  }
  return sum + (p->power == 1 ? fabsf(x) : powf(fabsf(x), (float)p->power));
}

static THIMBLE_INLINE float window_pool2d_f32_finish(const window_pool2d_f32_params *p, float sum,
                                                     int32_t count) {
  if (p->function == 1) {
    sum /= (float)count;
  } else if (p->function == 3) {
    sum = sqrtf(sum / (float)count);
  } else if (p->power == 2) {
    sum = sqrtf(sum);
  } else if (p->power > 2) {
    sum = powf(sum, 1.0f / (float)p->power);
  }
  return sum < p->min ? p->min : sum > p->max ? p->max : sum;
}

static THIMBLE_NOINLINE void window_pool2d_f32(const void *params, const void *const *rows,
                                               int32_t x0, int32_t x1, void *out, void *scratch) {
  const window_pool2d_f32_params *p = (const window_pool2d_f32_params *)params;
  const window_pool2d_places *w = &p->places;
  int32_t counted = window_pool2d_rows(w, rows);
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * w->stride_width - w->left;
    int32_t count = counted * window_pool2d_columns(w, column, -w->counted_left,
                                                    w->input_width + w->counted_right);
    float *to = (float *)out + x * w->channels;
    for (int32_t c = 0; c < w->channels; ++c) {
      float sum = p->function == 0 ? -INFINITY : 0.0f;
      for (int32_t ky = 0; ky < w->kernel_height; ++ky) {
        const float *row = (const float *)rows[ky * w->dilation_height];
        for (int32_t kx = 0; row && kx < w->kernel_width; ++kx) {
          int32_t at = column + kx * w->dilation_width;
          if (at >= 0 && at < w->input_width) {
            sum = window_pool2d_f32_add(p, sum, row[at * w->channels + c]);
          }
        }
      }
      to[c] = window_pool2d_f32_finish(p, sum, count);
    }
  }
}
