/* Requantisation of vectors of int32 sums to int8 with the RISC-V vector extension. Nothing here
 * presumes how long a vector is. */
#ifndef THIMBLE_SCALE_S8_RVV_H
#define THIMBLE_SCALE_S8_RVV_H

#include <riscv_vector.h>
#include <stdint.h>

#include "common/function.h"

/* What a node's constants ask for beside a multiplication and a shift to the right. */
enum {
  THIMBLE_SCALE_TIES = 1,  /* some result that is a tie below zero reaches the output */
  THIMBLE_SCALE_MIXED = 2, /* and some channels, which have no ties, are not shifted */
  THIMBLE_SCALE_LEFT = 4,  /* some channels are shifted to the left first */
  THIMBLE_SCALE_BOUNDS = 8 /* the bounds lie within int8 */
};

/* One entry for each channel in all tables. */
typedef struct {
  const int32_t *bias; /* less input zero point * sum of the filter, modulo 2^32 */
  const int32_t *multiplier;
  const int8_t *right; /* shifts to the right after the multiplication, at least 0 */
  const int8_t *left;  /* shifts to the left before it, at least 0; null where all are 0 */
  int8_t min;          /* the bounds of the stored output */
  int8_t max;
  int8_t zero_point; /* the output's */
  uint8_t mode;      /* a sum of the constants above */
#ifdef THIMBLE_BIAS_FRACTIONS
  const uint8_t *fraction; /* of the biases, in units of sums shifted to the left, or null */
#endif
} thimble_scale_rvv;

/* The high half of sums times multipliers. In double rounding VSMUL, rounding to nearest with ties
 * up, is the reference's rounding doubling high multiply. In single rounding the shift to the right
 * has one bit at least, so that the low half of the product never decides. */
static THIMBLE_SPECIALIZED vint32m8_t thimble_scale_multiply(vint32m8_t sums, vint32m8_t multiplier,
                                                             size_t vl) {
#ifdef THIMBLE_SINGLE_ROUNDING
  return __riscv_vmulh_vv_i32m8(sums, multiplier, vl);
#else
  return __riscv_vsmul_vv_i32m8(sums, multiplier, __RISCV_VXRM_RNU, vl);
#endif
}

static THIMBLE_SPECIALIZED vint32m8_t thimble_scale_multiply_one(vint32m8_t sums,
                                                                 int32_t multiplier, size_t vl) {
#ifdef THIMBLE_SINGLE_ROUNDING
  return __riscv_vmulh_vx_i32m8(sums, multiplier, vl);
#else
  return __riscv_vsmul_vx_i32m8(sums, multiplier, __RISCV_VXRM_RNU, vl);
#endif
}

/* Lowers what is negative by one, as ties that round up have to be to round away from zero. */
static THIMBLE_SPECIALIZED vint32m8_t thimble_scale_lower(vint32m8_t values, size_t vl) {
  vbool4_t negative = __riscv_vmslt_vx_i32m8_b4(values, 0, vl);
  return __riscv_vadd_vx_i32m8_mu(negative, values, values, -1, vl);
}

/* As above, where the shift is not 0. */
static THIMBLE_SPECIALIZED vint32m8_t thimble_scale_lower_some(vint32m8_t values, vuint16m4_t right,
                                                               size_t vl) {
  vbool4_t negative = __riscv_vmslt_vx_i32m8_b4(values, 0, vl);
  vbool4_t shifted = __riscv_vmsne_vx_u16m4_b4(right, 0, vl);
  return __riscv_vadd_vx_i32m8_mu(__riscv_vmand_mm_b4(negative, shifted, vl), values, values, -1,
                                  vl);
}

/* What the stores of results take from memory only once, for a store of int8 may alter anything. */
typedef struct {
  int32_t ties;
  int32_t mixed;
  int32_t left;
  int32_t bounds;
  int8_t min;
  int8_t max;
  int8_t zero_point;
} thimble_scale_held;

static THIMBLE_SPECIALIZED thimble_scale_held thimble_scale_hold(const thimble_scale_rvv *s) {
  thimble_scale_held held;
  held.ties = s->mode & THIMBLE_SCALE_TIES;
  held.mixed = s->mode & THIMBLE_SCALE_MIXED;
  held.left = s->mode & THIMBLE_SCALE_LEFT;
  held.bounds = s->mode & THIMBLE_SCALE_BOUNDS;
  held.min = s->min;
  held.max = s->max;
  held.zero_point = s->zero_point;
  return held;
}

/* Adds the zero point to what the rounding shift left, and clamps it. */
static THIMBLE_SPECIALIZED vint8m2_t thimble_scale_finish(const thimble_scale_held *h,
                                                          vint16m4_t values, size_t vl) {
  vint8m2_t out;
  values = __riscv_vsadd_vx_i16m4(values, h->zero_point, vl);
  out = __riscv_vnclip_wx_i8m2(values, 0, __RISCV_VXRM_RNU, vl);
  if (h->bounds) {
    out = __riscv_vmax_vx_i8m2(__riscv_vmin_vx_i8m2(out, h->max, vl), h->min, vl);
  }
  return out;
}

/* Lanes are channels. `values` are the products' high halves. */
static THIMBLE_SPECIALIZED vint8m2_t thimble_scale_shift(const thimble_scale_held *h,
                                                         vint32m8_t values, vuint16m4_t right,
                                                         size_t vl) {
  if (h->ties) {
    values = h->mixed ? thimble_scale_lower_some(values, right, vl)
                      : thimble_scale_lower(values, vl);
  }
  return thimble_scale_finish(h, __riscv_vnclip_wv_i16m4(values, right, __RISCV_VXRM_RNU, vl), vl);
}

/* The shifts to the right of channels from this one on. */
static THIMBLE_SPECIALIZED vuint16m4_t thimble_scale_right(const int8_t *right, size_t vl) {
  return __riscv_vzext_vf2_u16m4(__riscv_vle8_v_u8m2((const uint8_t *)right, vl), vl);
}

/* Shifts sums to the left by the channels' amounts. */
static THIMBLE_SPECIALIZED vint32m8_t thimble_scale_left(vint32m8_t sums, const int8_t *left,
                                                         size_t vl) {
  vuint16m4_t wide = __riscv_vzext_vf2_u16m4(__riscv_vle8_v_u8m2((const uint8_t *)left, vl), vl);
  return __riscv_vsll_vv_i32m8(sums, __riscv_vzext_vf2_u32m8(wide, vl), vl);
}

/* The same of channels from this one on, with the fractions of their biases. */
static THIMBLE_SPECIALIZED vint32m8_t thimble_scale_lift(vint32m8_t sums,
                                                         const thimble_scale_rvv *s,
                                                         int32_t channel, size_t vl) {
  sums = thimble_scale_left(sums, s->left + channel, vl);
#ifdef THIMBLE_BIAS_FRACTIONS
  if (s->fraction) {
    vuint16m4_t wide =
        __riscv_vzext_vf2_u16m4(__riscv_vle8_v_u8m2(s->fraction + channel, vl), vl);
    sums = __riscv_vadd_vv_i32m8(
        sums, __riscv_vreinterpret_v_u32m8_i32m8(__riscv_vzext_vf2_u32m8(wide, vl)), vl);
  }
#endif
  return sums;
}

/* Sums times one multiplier and 2^shift, rounded, before a zero point is added. */
static THIMBLE_SPECIALIZED vint16m4_t thimble_scale_all(vint32m8_t sums, int32_t multiplier,
                                                        size_t left, size_t right, int32_t ties,
                                                        size_t vl) {
  if (left > 0) {
    sums = __riscv_vsll_vx_i32m8(sums, left, vl);
  }
  sums = thimble_scale_multiply_one(sums, multiplier, vl);
  if (ties && right > 0) {
    sums = thimble_scale_lower(sums, vl);
  }
  return __riscv_vnclip_wx_i16m4(sums, right, __RISCV_VXRM_RNU, vl);
}

/* All lanes are of one channel. */
static THIMBLE_SPECIALIZED vint8m2_t thimble_scale_one(const thimble_scale_held *h,
                                                       const thimble_scale_rvv *s, vint32m8_t sums,
                                                       int32_t channel, size_t vl) {
  size_t left = h->left ? (uint8_t)s->left[channel] : 0;
#ifdef THIMBLE_BIAS_FRACTIONS
  if (s->fraction) {
    sums = __riscv_vadd_vx_i32m8(__riscv_vsll_vx_i32m8(sums, left, vl), s->fraction[channel], vl);
    left = 0;
  }
#endif
  return thimble_scale_finish(h,
                              thimble_scale_all(sums, s->multiplier[channel], left,
                                                (uint8_t)s->right[channel], h->ties, vl),
                              vl);
}

#endif
