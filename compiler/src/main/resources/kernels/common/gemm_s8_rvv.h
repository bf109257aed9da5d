/* Sums of products of windows and filters, int8, with the RISC-V vector extension. Lanes are either
 * adjoining output channels, of up to three pixels at a time, or adjoining pixels, for up to three
 * output channels at a time: three groups of eight registers hold sums either way. */
#ifndef THIMBLE_GEMM_S8_RVV_H
#define THIMBLE_GEMM_S8_RVV_H

#include <riscv_vector.h>
#include <stdint.h>

#include "common/function.h"
#include "common/gemm_steps_rvv.h"
#include "common/scale_s8_rvv.h"

/* A window is, for each of `rows` rows, `taps` runs of `run` elements. */
typedef struct {
  const int8_t *filter; /* [group][rows][taps][run][filters] */
  int32_t filters;      /* output channels of a group */
  int32_t groups;
  int32_t rows;
  int32_t taps;
  int32_t run;
  int32_t tap_step; /* from one run's beginning to the next one's, in elements */
  int32_t depth;      /* rows * taps * run */
  int32_t most_lanes; /* pixels that are lanes at a time, at most */
} thimble_gemm_rvv;

/* A piece of a row: pixels whose windows lie `step` elements apart. */
typedef struct {
  const thimble_scale_rvv *scale;
  const int8_t *first;
  int32_t pitch; /* from one row of a window to the next, in elements */
  int32_t step;
  int32_t pixels;
  int8_t *out;
} thimble_piece_rvv;

/* All channels of a group, of up to three pixels; channels are lanes. */
static THIMBLE_SPECIALIZED void thimble_gemm_channels(const thimble_gemm_rvv *g,
                                                      const thimble_piece_rvv *piece,
                                                      const thimble_scale_held *held,
                                                      const int8_t *from, const int8_t *filter,
                                                      int32_t channel, int8_t *out,
                                                      int32_t pixels) {
  const thimble_scale_rvv *s = piece->scale;
  size_t filters = (size_t)g->filters;
  int32_t all = g->filters * g->groups;
  for (size_t left = filters, vl; left > 0; left -= vl) {
    const int8_t *w = filter;
    const int8_t *row = from;
    vint32m8_t a0, a1, a2, multiplier;
    vuint16m4_t right;
    vl = __riscv_vsetvl_e32m8(left);
    a0 = __riscv_vle32_v_i32m8(s->bias + channel, vl);
    a1 = a0;
    a2 = a0;
    for (int32_t ky = g->rows; ky > 0; --ky) {
      const int8_t *x0 = row;
      for (int32_t tap = g->taps; tap > 0; --tap) {
        const int8_t *x = x0;
        const int8_t *end = x + g->run;
        if (pixels == 3) {
          THIMBLE_GEMM_CHANNELS3(a0, a1, a2, x, piece->step, end, w, filters, vl);
        } else if (pixels == 2) {
          THIMBLE_GEMM_CHANNELS2(a0, a1, x, piece->step, end, w, filters, vl);
        } else {
          THIMBLE_GEMM_CHANNELS1(a0, x, end, w, filters, vl);
        }
        x0 += g->tap_step;
      }
      row += piece->pitch;
    }
    if (held->left) {
      a0 = thimble_scale_lift(a0, s, channel, vl);
      a1 = pixels > 1 ? thimble_scale_lift(a1, s, channel, vl) : a1;
      a2 = pixels > 2 ? thimble_scale_lift(a2, s, channel, vl) : a2;
    }
    multiplier = __riscv_vle32_v_i32m8(s->multiplier + channel, vl);
    a0 = thimble_scale_multiply(a0, multiplier, vl);
    if (pixels > 1) {
      a1 = thimble_scale_multiply(a1, multiplier, vl);
    }
    if (pixels > 2) {
      a2 = thimble_scale_multiply(a2, multiplier, vl);
      /* From here on the multipliers' registers are free: no product may be left for later. */
      __asm__ volatile("" : "+vr"(a0), "+vr"(a1), "+vr"(a2));
    }
    right = thimble_scale_right(s->right + channel, vl);
    __riscv_vse8_v_i8m2(out, thimble_scale_shift(held, a0, right, vl), vl);
    if (pixels > 1) {
      __riscv_vse8_v_i8m2(out + all, thimble_scale_shift(held, a1, right, vl), vl);
    }
    if (pixels > 2) {
      __riscv_vse8_v_i8m2(out + 2 * all, thimble_scale_shift(held, a2, right, vl), vl);
    }
    filter += vl;
    out += vl;
    channel += (int32_t)vl;
  }
}

/* Up to three channels of a group, of vl pixels; pixels are lanes. */
static THIMBLE_SPECIALIZED void thimble_gemm_lanes(const thimble_gemm_rvv *g,
                                                   const thimble_piece_rvv *piece,
                                                   const thimble_scale_held *held,
                                                   const int8_t *from, const int8_t *filter,
                                                   int32_t channel, int8_t *out, size_t vl,
                                                   int32_t count) {
  const thimble_scale_rvv *s = piece->scale;
  size_t filters = (size_t)g->filters;
  int32_t all = g->filters * g->groups;
  const int32_t *bias = s->bias + channel;
  vint32m8_t a0 = __riscv_vmv_v_x_i32m8(bias[0], vl);
  vint32m8_t a1 = a0;
  vint32m8_t a2 = a0;
  if (count > 1) {
    a1 = __riscv_vmv_v_x_i32m8(bias[1], vl);
  }
  if (count > 2) {
    a2 = __riscv_vmv_v_x_i32m8(bias[2], vl);
  }
  for (int32_t ky = g->rows; ky > 0; --ky) {
    const int8_t *x0 = from;
    for (int32_t tap = g->taps; tap > 0; --tap) {
      const int8_t *x = x0;
      const int8_t *end = x + g->run;
      if (count == 3) {
        THIMBLE_GEMM_LANES3(a0, a1, a2, x, piece->step, end, filter, filters, vl);
      } else if (count == 2) {
        THIMBLE_GEMM_LANES2(a0, a1, x, piece->step, end, filter, filters, vl);
      } else {
        THIMBLE_GEMM_LANES1(a0, x, piece->step, end, filter, filters, vl);
      }
      x0 += g->tap_step;
    }
    from += piece->pitch;
  }
  __riscv_vsse8_v_i8m2(out, all, thimble_scale_one(held, s, a0, channel, vl), vl);
  if (count > 1) {
    __riscv_vsse8_v_i8m2(out + 1, all, thimble_scale_one(held, s, a1, channel + 1, vl), vl);
  }
  if (count > 2) {
    __riscv_vsse8_v_i8m2(out + 2, all, thimble_scale_one(held, s, a2, channel + 2, vl), vl);
  }
}

/* A group's channels of all pixels of a piece; channels are lanes. */
static THIMBLE_NOINLINE void thimble_gemm_along(const thimble_gemm_rvv *g,
                                                const thimble_piece_rvv *piece, int32_t group) {
  thimble_scale_held held = thimble_scale_hold(piece->scale);
  int32_t channel = group * g->filters;
  const int8_t *filter = g->filter + channel * g->depth;
  const int8_t *from = piece->first + (g->groups > 1 ? group * g->run : 0);
  int8_t *out = piece->out + channel;
  int32_t left = piece->pixels;
  for (; left >= 3; left -= 3) {
    thimble_gemm_channels(g, piece, &held, from, filter, channel, out, 3);
    from += 3 * piece->step;
    out += 3 * g->filters * g->groups;
  }
  if (left == 2) {
    thimble_gemm_channels(g, piece, &held, from, filter, channel, out, 2);
  } else if (left == 1) {
    thimble_gemm_channels(g, piece, &held, from, filter, channel, out, 1);
  }
}

/* As thimble_gemm_along; pixels are lanes. */
static THIMBLE_NOINLINE void thimble_gemm_across(const thimble_gemm_rvv *g,
                                                 const thimble_piece_rvv *piece, int32_t group) {
  thimble_scale_held held = thimble_scale_hold(piece->scale);
  int32_t channel = group * g->filters;
  const int8_t *filter = g->filter + channel * g->depth;
  const int8_t *from = piece->first + (g->groups > 1 ? group * g->run : 0);
  int8_t *out = piece->out + channel;
  size_t vl;
  for (int32_t left = piece->pixels; left > 0; left -= (int32_t)vl) {
    int32_t i = 0;
    vl = __riscv_vsetvl_e32m8((size_t)(left < g->most_lanes ? left : g->most_lanes));
    for (; i + 3 <= g->filters; i += 3) {
      thimble_gemm_lanes(g, piece, &held, from, filter + i, channel + i, out + i, vl, 3);
    }
    if (i + 2 == g->filters) {
      thimble_gemm_lanes(g, piece, &held, from, filter + i, channel + i, out + i, vl, 2);
    } else if (i < g->filters) {
      thimble_gemm_lanes(g, piece, &held, from, filter + i, channel + i, out + i, vl, 1);
    }
    from += (int32_t)vl * piece->step;
    out += (int32_t)vl * (g->filters * g->groups);
  }
}

/* All output channels of a piece of a row. Lanes are pixels where that takes fewer passes through
 * the window. */
static THIMBLE_NOINLINE void thimble_gemm_piece(const thimble_gemm_rvv *g,
                                                const thimble_piece_rvv *piece) {
  int32_t lanes = (int32_t)__riscv_vsetvl_e32m8((size_t)g->most_lanes);
  int32_t across = (piece->pixels + lanes - 1) / lanes * ((g->filters + 2) / 3);
  int32_t channels = (int32_t)__riscv_vsetvlmax_e32m8();
  int32_t along = (g->filters + channels - 1) / channels * ((piece->pixels + 2) / 3);
  for (int32_t group = 0; group < g->groups; ++group) {
    if (across < along) {
      thimble_gemm_across(g, piece, group);
    } else {
      thimble_gemm_along(g, piece, group);
    }
  }
}

#endif
