/* Convolution, int8, with the RISC-V vector extension and without working memory: output row [W][O]
 * from KH input rows [W][C]. Lanes are output channels of one pixel. */
#include <riscv_vector.h>
#include <stdint.h>

#include "common/function.h"
#include "common/gemm_s8_rvv.h"
#include "common/window_s8_rvv.h"

typedef struct {
  thimble_gemm_rvv gemm;
  thimble_scale_rvv scale;
  thimble_window_rvv window;
} conv2d_s8_bare_rvv_params;

/* Adds the products of a run; a null run is outside of the map and sees the zero point, as the
 * folded bias presumes. */
#define CONV2D_S8_BARE_RVV_RUN(sums, from, count, w, filters, zero, vl)                      \
  do {                                                                                       \
    const int8_t *x_ = (from);                                                               \
    int32_t count_ = (count);                                                                \
    if (x_) {                                                                                \
      const int8_t *end_ = x_ + count_;                                                      \
      THIMBLE_GEMM_CHANNELS1(sums, x_, end_, w, filters, vl);                                \
    } else {                                                                                 \
      for (; count_ > 0; --count_) {                                                         \
        vint16m4_t filter_ = __riscv_vsext_vf2_i16m4(__riscv_vle8_v_i8m2(w, vl), vl);        \
        sums = __riscv_vwmacc_vx_i32m8(sums, zero, filter_, vl);                             \
        w += filters;                                                                        \
      }                                                                                      \
    }                                                                                        \
  } while (0)

/* How many of the taps from this one on are one run: those whose elements adjoin within the map. */
static THIMBLE_INLINE int32_t conv2d_s8_bare_rvv_adjoining(const conv2d_s8_bare_rvv_params *p,
                                                       int32_t column, int32_t left) {
  const thimble_window_rvv *window = &p->window;
  int32_t more = window->input_width - column;
  if (column < 0 || more <= 0 || window->dilation_width > 1 || p->gemm.groups > 1) {
    return 1;
  }
  return left < more ? left : more;
}

/* Channels [at, at + vl) of a group. */
static THIMBLE_SPECIALIZED void conv2d_s8_bare_rvv_channels(
    const conv2d_s8_bare_rvv_params *p, const thimble_scale_held *held, const void *const *rows,
    int32_t column, int32_t group, int32_t at, int8_t *out, size_t vl) {
  const thimble_window_rvv *window = &p->window;
  const thimble_scale_rvv *s = &p->scale;
  size_t filters = (size_t)p->gemm.filters;
  int32_t depth = p->gemm.groups > 1 ? p->gemm.run : window->channels;
  int32_t channel = group * p->gemm.filters + at;
  const int8_t *w = p->gemm.filter + (group * p->gemm.filters * p->gemm.depth + at);
  vint32m8_t sums = __riscv_vle32_v_i32m8(s->bias + channel, vl);
  vint32m8_t multiplier;
  for (int32_t ky = 0; ky < window->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * window->dilation_height];
    int32_t from = column;
    for (int32_t kx = window->kernel_width; kx > 0;) {
      int32_t taps = conv2d_s8_bare_rvv_adjoining(p, from, kx);
      const int8_t *x = 0;
      if (row && from >= 0 && from < window->input_width) {
        x = row + (from * window->channels + group * depth);
      }
      CONV2D_S8_BARE_RVV_RUN(sums, x, taps * depth, w, filters, window->input_zero_point, vl);
      from += taps * window->dilation_width;
      kx -= taps;
    }
  }
  if (held->left) {
    sums = thimble_scale_lift(sums, s, channel, vl);
  }
  multiplier = __riscv_vle32_v_i32m8(s->multiplier + channel, vl);
  sums = thimble_scale_multiply(sums, multiplier, vl);
  __riscv_vse8_v_i8m2(
      out + channel,
      thimble_scale_shift(held, sums, thimble_scale_right(s->right + channel, vl), vl), vl);
}

static THIMBLE_NOINLINE void conv2d_s8_bare_rvv(const void *params, const void *const *rows,
                                                int32_t x0, int32_t x1, void *out, void *scratch) {
  const conv2d_s8_bare_rvv_params *p = (const conv2d_s8_bare_rvv_params *)params;
  thimble_scale_held held = thimble_scale_hold(&p->scale);
  int32_t filters = p->gemm.filters;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * p->window.stride_width - p->window.left;
    int8_t *to = (int8_t *)out + x * (filters * p->gemm.groups);
    for (int32_t group = 0; group < p->gemm.groups; ++group) {
      size_t vl;
      for (int32_t at = 0; at < filters; at += (int32_t)vl) {
        vl = __riscv_vsetvl_e32m8((size_t)(filters - at));
        conv2d_s8_bare_rvv_channels(p, &held, rows, column, group, at, to, vl);
      }
    }
  }
}
