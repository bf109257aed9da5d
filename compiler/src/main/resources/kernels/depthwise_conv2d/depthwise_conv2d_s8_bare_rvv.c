/* Convolution of each channel by itself, int8, with the RISC-V vector extension and without working
 * memory: output row [W][C] from KH input rows [W][C]. Lanes are channels of one pixel. */
#include <riscv_vector.h>
#include <stdint.h>

#include "common/function.h"
#include "common/scale_s8_rvv.h"
#include "common/window_s8_rvv.h"

typedef struct {
  const int8_t *filter; /* [KH][KW][C] */
  thimble_scale_rvv scale;
  thimble_window_rvv window;
} depthwise_conv2d_s8_bare_rvv_params;

/* Adds a tap's products. What lies outside of the map is the zero point, as the folded bias
 * presumes. */
static THIMBLE_SPECIALIZED vint32m8_t depthwise_conv2d_s8_bare_rvv_tap(vint32m8_t sums,
                                                                       const int8_t *x,
                                                                       const int8_t *w, int16_t zero,
                                                                       size_t vl) {
  vint16m4_t filter = __riscv_vsext_vf2_i16m4(__riscv_vle8_v_i8m2(w, vl), vl);
  if (x) {
    return __riscv_vwmacc_vv_i32m8(
        sums, __riscv_vsext_vf2_i16m4(__riscv_vle8_v_i8m2(x, vl), vl), filter, vl);
  }
  return __riscv_vwmacc_vx_i32m8(sums, zero, filter, vl);
}

/* Channels [at, at + vl) of the pixel whose window begins at this column. */
static THIMBLE_SPECIALIZED void depthwise_conv2d_s8_bare_rvv_channels(
    const depthwise_conv2d_s8_bare_rvv_params *p, const thimble_scale_held *held,
    const void *const *rows, int32_t column, int32_t at, int8_t *out, size_t vl) {
  const thimble_window_rvv *window = &p->window;
  const thimble_scale_rvv *s = &p->scale;
  int32_t channels = window->channels;
  const int8_t *w = p->filter + at;
  vint32m8_t sums = __riscv_vle32_v_i32m8(s->bias + at, vl);
  vint32m8_t multiplier;
  for (int32_t ky = 0; ky < window->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * window->dilation_height];
    int32_t from = column;
    for (int32_t kx = window->kernel_width; kx > 0; --kx) {
      int32_t inside = row && from >= 0 && from < window->input_width;
      sums = depthwise_conv2d_s8_bare_rvv_tap(
          sums, inside ? row + (from * channels + at) : (const int8_t *)0, w,
          window->input_zero_point, vl);
      from += window->dilation_width;
      w += channels;
    }
  }
  if (held->left) {
    sums = thimble_scale_lift(sums, s, at, vl);
  }
  multiplier = __riscv_vle32_v_i32m8(s->multiplier + at, vl);
  sums = thimble_scale_multiply(sums, multiplier, vl);
  __riscv_vse8_v_i8m2(
      out, thimble_scale_shift(held, sums, thimble_scale_right(s->right + at, vl), vl), vl);
}

static THIMBLE_NOINLINE void depthwise_conv2d_s8_bare_rvv(const void *params,
                                                          const void *const *rows, int32_t x0,
                                                          int32_t x1, void *out, void *scratch) {
  const depthwise_conv2d_s8_bare_rvv_params *p =
      (const depthwise_conv2d_s8_bare_rvv_params *)params;
  thimble_scale_held held = thimble_scale_hold(&p->scale);
  int32_t channels = p->window.channels;
  int8_t *to = (int8_t *)out + x0 * channels;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    size_t vl;
    for (int32_t at = 0; at < channels; at += (int32_t)vl) {
      int32_t column = x * p->window.stride_width - p->window.left;
      vl = __riscv_vsetvl_e32m8((size_t)(channels - at));
      depthwise_conv2d_s8_bare_rvv_channels(p, &held, rows, column, at, to, vl);
      to += vl;
    }
  }
}
