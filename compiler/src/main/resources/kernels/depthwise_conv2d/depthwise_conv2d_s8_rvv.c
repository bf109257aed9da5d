/* Convolution of each channel by itself, int8, with the RISC-V vector extension: output row
 * [W][C * M] from KH input rows [W][C]. Lanes are adjoining elements of the output row: channels of
 * one pixel, or, where they are few, whole pixels, for which filters and tables are repeated. */
#include <riscv_vector.h>
#include <stdint.h>

#include "common/function.h"
#include "common/scale_s8_rvv.h"
#include "common/window_s8_rvv.h"

typedef struct {
  const int8_t *filter;       /* [KH][KW][C * M]; two taps' products never exceed int16 */
  int32_t filters;            /* C * M */
  int32_t most_lanes;         /* at most 256 */
  int32_t expanded;           /* lanes for which the working memory has room to repeat tables */
  int32_t channel_multiplier; /* M */
  thimble_scale_rvv scale;
  thimble_window_rvv window;
} depthwise_conv2d_s8_rvv_params;

/* The tables for the lanes of a block. */
typedef struct {
  const int8_t *filter;
  int32_t filter_step; /* from one tap to the next */
  thimble_scale_rvv scale;
  uint8_t *index; /* each lane's element, from the window's first one on */
} depthwise_conv2d_s8_rvv_tables;

/* Writes the distances of lanes' elements from a window's beginning, where the block begins with
 * this channel. */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_rvv_index(const depthwise_conv2d_s8_rvv_params *p,
                                                           int32_t channel, uint8_t *index,
                                                           int32_t lanes) {
  size_t vl = __riscv_vsetvl_e16m8((size_t)lanes);
  uint16_t filters = (uint16_t)p->filters;
  uint16_t m = (uint16_t)p->channel_multiplier;
  vuint16m8_t lane = __riscv_vid_v_u16m8(vl);
  vuint16m8_t pixel = __riscv_vdivu_vx_u16m8(lane, filters, vl);
  vuint16m8_t within = __riscv_vremu_vx_u16m8(lane, filters, vl);
  within = __riscv_vadd_vx_u16m8(within, (uint16_t)(channel % p->channel_multiplier), vl);
  within = __riscv_vdivu_vx_u16m8(within, m, vl);
  within = __riscv_vmacc_vx_u16m8(
      within, (uint16_t)(p->window.stride_width * p->window.channels), pixel, vl);
  __riscv_vse8_v_u8m4(index, __riscv_vnsrl_wx_u8m4(within, 0, vl), vl);
}

/* Repeats tables and filters for so many lanes, in memory of the form [lanes] int32 twice, [lanes]
 * int8 twice, [KH][KW][lanes]. */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_rvv_repeat(const depthwise_conv2d_s8_rvv_params *p,
                                                            int32_t lanes, void *memory,
                                                            depthwise_conv2d_s8_rvv_tables *t) {
  int32_t *bias = (int32_t *)memory;
  int32_t *multiplier = bias + lanes;
  int8_t *right = (int8_t *)(multiplier + lanes);
  int8_t *left = right + lanes;
  int8_t *filter = left + lanes;
  const int8_t *from = p->filter;
  int32_t taps = p->window.kernel_height * p->window.kernel_width;
  size_t vl;
  for (int32_t at = 0; at < lanes; at += (int32_t)vl) {
    vl = __riscv_vsetvl_e32m8((size_t)(lanes - at));
    vuint16m4_t lane = __riscv_vadd_vx_u16m4(__riscv_vid_v_u16m4(vl), (uint16_t)at, vl);
    lane = __riscv_vremu_vx_u16m4(lane, (uint16_t)p->filters, vl);
    __riscv_vse8_v_i8m2(right + at, __riscv_vluxei16_v_i8m2(p->scale.right, lane, vl), vl);
    if (p->scale.left) {
      __riscv_vse8_v_i8m2(left + at, __riscv_vluxei16_v_i8m2(p->scale.left, lane, vl), vl);
    }
    lane = __riscv_vsll_vx_u16m4(lane, 2, vl);
    __riscv_vse32_v_i32m8(bias + at, __riscv_vluxei16_v_i32m8(p->scale.bias, lane, vl), vl);
    __riscv_vse32_v_i32m8(multiplier + at, __riscv_vluxei16_v_i32m8(p->scale.multiplier, lane, vl),
                          vl);
  }
  vl = __riscv_vsetvl_e8m4((size_t)lanes);
  {
    vuint16m8_t wide = __riscv_vremu_vx_u16m8(__riscv_vid_v_u16m8(vl), (uint16_t)p->filters, vl);
    vuint8m4_t lane = __riscv_vnsrl_wx_u8m4(wide, 0, vl);
    t->filter = filter;
    for (; taps > 0; --taps) {
      __riscv_vse8_v_i8m4(filter, __riscv_vluxei8_v_i8m4(from, lane, vl), vl);
      from += p->filters;
      filter += lanes;
    }
  }
  t->filter_step = lanes;
  t->scale.bias = bias;
  t->scale.multiplier = multiplier;
  t->scale.right = right;
  t->scale.left = left;
}

/* Elements of adjoining lanes: where they lie side by side, or by their index. */
static THIMBLE_SPECIALIZED vint8m4_t depthwise_conv2d_s8_rvv_load(const int8_t *x,
                                                                  const uint8_t *index,
                                                                  int32_t gather, size_t vl) {
  return gather ? __riscv_vluxei8_v_i8m4(x, __riscv_vle8_v_u8m4(index, vl), vl)
                : __riscv_vle8_v_i8m4(x, vl);
}

/* Stores the results of sums of lanes from `at` on. */
static THIMBLE_SPECIALIZED void depthwise_conv2d_s8_rvv_store(const thimble_scale_held *held,
                                                              const thimble_scale_rvv *s,
                                                              vint32m8_t sums, int32_t at,
                                                              int8_t *out, size_t vl) {
  if (held->left) {
    sums = thimble_scale_left(sums, s->left + at, vl);
  }
  sums = thimble_scale_multiply(sums, __riscv_vle32_v_i32m8(s->multiplier + at, vl), vl);
  __riscv_vse8_v_i8m2(
      out, thimble_scale_shift(held, sums, thimble_scale_right(s->right + at, vl), vl), vl);
}

/* A block of vl lanes, whose windows begin at x and whose tables begin at lane `at`. Products of
 * two taps are added as int16, which takes half the work of int32. */
static THIMBLE_SPECIALIZED void depthwise_conv2d_s8_rvv_block(
    const depthwise_conv2d_s8_rvv_params *p, const depthwise_conv2d_s8_rvv_tables *t,
    const thimble_scale_held *held, const int8_t *x, int32_t pitch, int32_t at, int8_t *out, size_t vl, int32_t gather) {
  size_t half = __riscv_vsetvlmax_e32m8();
  size_t low = vl < half ? vl : half;
  size_t high = vl - low;
  const int8_t *w = t->filter + at;
  const int32_t *bias = t->scale.bias + at;
  int32_t step = p->window.dilation_width * p->window.channels;
  vint32m8_t a0 = __riscv_vle32_v_i32m8(bias, low);
  vint32m8_t a1 = __riscv_vle32_v_i32m8(bias + low, high);
  for (int32_t ky = p->window.kernel_height; ky > 0; --ky) {
    const int8_t *element = x;
    int32_t left = p->window.kernel_width;
    do {
      vint16m8_t sums = __riscv_vwmul_vv_i16m8(
          depthwise_conv2d_s8_rvv_load(element, t->index, gather, vl), __riscv_vle8_v_i8m4(w, vl),
          vl);
      element += step;
      w += t->filter_step;
      if (--left > 0) {
        sums = __riscv_vwmacc_vv_i16m8(
            sums, depthwise_conv2d_s8_rvv_load(element, t->index, gather, vl),
            __riscv_vle8_v_i8m4(w, vl), vl);
        element += step;
        w += t->filter_step;
        --left;
      }
      a0 = __riscv_vwadd_wv_i32m8(a0, __riscv_vget_v_i16m8_i16m4(sums, 0), half);
      a1 = __riscv_vwadd_wv_i32m8(a1, __riscv_vget_v_i16m8_i16m4(sums, 1), half);
    } while (left > 0);
    x += pitch;
  }
  depthwise_conv2d_s8_rvv_store(held, &t->scale, a0, at, out, low);
  if (high > 0) {
    depthwise_conv2d_s8_rvv_store(held, &t->scale, a1, at + (int32_t)low, out + low, high);
  }
}

/* A piece of a row: all its pixels, so many lanes at a time. */
static THIMBLE_SPECIALIZED void depthwise_conv2d_s8_rvv_piece(
    const depthwise_conv2d_s8_rvv_params *p, const depthwise_conv2d_s8_rvv_tables *t,
    thimble_view_rvv view, int32_t pixels, int32_t lanes, int8_t *out, int32_t gather) {
  int32_t step = p->window.stride_width * p->window.channels;
  thimble_scale_held held = thimble_scale_hold(&t->scale);
  int32_t together = lanes > p->filters ? lanes / p->filters : 1;
  for (int32_t x = 0; x < pixels; x += together) {
    int32_t left = pixels - x < together ? pixels - x : together;
    left *= p->filters;
    for (int32_t at = 0; at < left;) {
      int32_t vl = left - at < lanes ? left - at : lanes;
      int32_t source = at;
      if (gather && p->channel_multiplier > 1) {
        source = at / p->channel_multiplier;
        if (together == 1) {
          depthwise_conv2d_s8_rvv_index(p, at, t->index, vl);
        }
      }
      depthwise_conv2d_s8_rvv_block(p, t, &held, view.first + (x * step + source), view.pitch, at,
                                    out, (size_t)vl, gather);
      out += vl;
      at += vl;
    }
  }
}

static THIMBLE_NOINLINE void depthwise_conv2d_s8_rvv_gather(
    const depthwise_conv2d_s8_rvv_params *p, const depthwise_conv2d_s8_rvv_tables *t,
    thimble_view_rvv view, int32_t pixels, int32_t lanes, int8_t *out) {
  depthwise_conv2d_s8_rvv_piece(p, t, view, pixels, lanes, out, 1);
}

static THIMBLE_NOINLINE void depthwise_conv2d_s8_rvv_plain(
    const depthwise_conv2d_s8_rvv_params *p, const depthwise_conv2d_s8_rvv_tables *t,
    thimble_view_rvv view, int32_t pixels, int32_t lanes, int8_t *out) {
  depthwise_conv2d_s8_rvv_piece(p, t, view, pixels, lanes, out, 0);
}

/* The lanes of a block: whole pixels where several fit, as far as a byte reaches their elements. */
static THIMBLE_INLINE int32_t depthwise_conv2d_s8_rvv_lanes(const depthwise_conv2d_s8_rvv_params *p,
                                                            int32_t gather) {
  int32_t lanes = (int32_t)__riscv_vsetvl_e8m4((size_t)p->most_lanes);
  int32_t pixels = lanes / p->filters;
  int32_t step = p->window.stride_width * p->window.channels;
  if (p->filters > lanes) {
    return lanes;
  }
  if (gather && (pixels - 1) * step + p->window.channels > 256) {
    pixels = (256 - p->window.channels) / step + 1;
  }
  return pixels * p->filters;
}

/* scratch is the repeated tables, the lanes' indices, and the windows of a chunk. */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_rvv(const void *params, const void *const *rows,
                                                     int32_t x0, int32_t x1, void *out,
                                                     void *scratch) {
  const depthwise_conv2d_s8_rvv_params *p = (const depthwise_conv2d_s8_rvv_params *)params;
  depthwise_conv2d_s8_rvv_tables t;
  int32_t taps = p->window.kernel_height * p->window.kernel_width;
  int32_t gather = p->channel_multiplier > 1 || p->window.stride_width > 1;
  int32_t lanes = depthwise_conv2d_s8_rvv_lanes(p, gather);
  int8_t *memory = (int8_t *)scratch + p->expanded * (10 + taps);
  t.filter = p->filter;
  t.filter_step = p->filters;
  t.scale = p->scale;
  t.index = (uint8_t *)memory;
  if (lanes > p->filters) {
    depthwise_conv2d_s8_rvv_repeat(p, lanes, scratch, &t);
  }
  if (p->channel_multiplier == 1 && lanes <= p->filters) {
    gather = 0;
  }
  if (p->channel_multiplier > 1 || p->window.stride_width > 1) {
    memory += p->most_lanes;
  }
  if (gather && lanes >= p->filters) {
    depthwise_conv2d_s8_rvv_index(p, 0, t.index, lanes);
  }
  for (int32_t x = x0; x < x1; x += p->window.chunk) {
    int32_t pixels = x1 - x < p->window.chunk ? x1 - x : p->window.chunk;
    thimble_view_rvv view = thimble_window_rows(&p->window, rows, x, x + pixels, memory);
    int8_t *to = (int8_t *)out + x * p->filters;
    if (gather) {
      depthwise_conv2d_s8_rvv_gather(p, &t, view, pixels, lanes, to);
    } else {
      depthwise_conv2d_s8_rvv_plain(p, &t, view, pixels, lanes, to);
    }
  }
}
