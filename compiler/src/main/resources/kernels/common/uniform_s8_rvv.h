/* Requantisation by one multiplier for all elements, as elementwise nodes need it, with the RISC-V
 * vector extension. */
#ifndef THIMBLE_UNIFORM_S8_RVV_H
#define THIMBLE_UNIFORM_S8_RVV_H

#include <riscv_vector.h>
#include <stdint.h>

#include "common/function.h"
#include "common/scale_s8_rvv.h"

/* thimble_requantize, saturated to int16. In single rounding no shifted value may reach 2^31. */
static THIMBLE_SPECIALIZED vint16m4_t thimble_uniform_scale(vint32m8_t values, int32_t multiplier,
                                                            int32_t shift, size_t vl) {
#ifdef THIMBLE_SINGLE_ROUNDING
  int32_t left = shift > -2 ? shift + 2 : 0;
  return thimble_scale_all(values, multiplier, (size_t)left, (size_t)(left - shift - 1), 0, vl);
#else
  int32_t left = shift > 0 ? shift : 0;
  return thimble_scale_all(values, multiplier, (size_t)left, (size_t)(left - shift), 1, vl);
#endif
}

/* Adds a zero point and clamps to bounds that are less that zero point. */
static THIMBLE_SPECIALIZED vint8m2_t thimble_uniform_clamp(vint16m4_t values, int32_t min,
                                                           int32_t max, int32_t zero_point,
                                                           size_t vl) {
  values = __riscv_vmax_vx_i16m4(values, (int16_t)min, vl);
  values = __riscv_vmin_vx_i16m4(values, (int16_t)max, vl);
  values = __riscv_vadd_vx_i16m4(values, (int16_t)zero_point, vl);
  return __riscv_vnsra_wx_i8m2(values, 0, vl);
}

/* Quotients by a count, rounded to the nearest, ties away from zero, and clamped. */
static THIMBLE_SPECIALIZED vint8m2_t thimble_uniform_average(vint32m8_t sums, int32_t count,
                                                             int32_t min, int32_t max, size_t vl) {
  vbool4_t positive = __riscv_vmsgt_vx_i32m8_b4(sums, 0, vl);
  vint16m4_t narrow;
  sums = __riscv_vsub_vx_i32m8(sums, count / 2, vl);
  sums = __riscv_vadd_vx_i32m8_mu(positive, sums, sums, count / 2 * 2, vl);
  sums = __riscv_vdiv_vx_i32m8(sums, count, vl);
  narrow = __riscv_vnsra_wx_i16m4(sums, 0, vl);
  return thimble_uniform_clamp(narrow, min, max, 0, vl);
}

/* Adds a row of pixels, [width][channels], to int32 sums of channels. */
static THIMBLE_NOINLINE void thimble_uniform_sum(const int8_t *row, int32_t width, int32_t channels,
                                                 int32_t *sums) {
  size_t vl;
  for (int32_t c = 0; c < channels; c += (int32_t)vl) {
    const int8_t *from = row + c;
    vint32m8_t sum;
    vl = __riscv_vsetvl_e32m8((size_t)(channels - c));
    sum = __riscv_vle32_v_i32m8(sums + c, vl);
    /* So many elements' sums fit an int16. */
    for (int32_t left = width; left > 0; left -= 256) {
      vint16m4_t part = __riscv_vmv_v_x_i16m4(0, vl);
      for (int32_t x = left < 256 ? left : 256; x > 0; --x) {
        part = __riscv_vwadd_wv_i16m4(part, __riscv_vle8_v_i8m2(from, vl), vl);
        from += channels;
      }
      sum = __riscv_vwadd_wv_i32m8(sum, part, vl);
    }
    __riscv_vse32_v_i32m8(sums + c, sum, vl);
  }
}

/* Fills sums with one number. */
static THIMBLE_NOINLINE void thimble_uniform_fill(int32_t *sums, int32_t channels, int32_t value) {
  size_t vl;
  for (int32_t c = 0; c < channels; c += (int32_t)vl) {
    vl = __riscv_vsetvl_e32m8((size_t)(channels - c));
    __riscv_vse32_v_i32m8(sums + c, __riscv_vmv_v_x_i32m8(value, vl), vl);
  }
}

/* A function of two operands' elements: computes vl of them. A step is 0 where one element serves
 * all, else 1. */
typedef void (*thimble_uniform_pair)(const void *quantization, const int8_t *first,
                                     const int8_t *second, int32_t first_step, int32_t second_step,
                                     int8_t *out, int32_t count);

/* Calls such a function for pixels [x0, x1) of a row, all at once where both operands lie as the
 * output does. The pixel steps are 0 for an operand of one column, which serves all of them. */
static THIMBLE_SPECIALIZED void thimble_uniform_pairs(thimble_uniform_pair function,
                                                      const void *quantization, const int8_t *first,
                                                      const int8_t *second, int32_t first_pixel,
                                                      int32_t second_pixel, int32_t first_channel,
                                                      int32_t second_channel, int32_t channels,
                                                      int32_t x0, int32_t x1, int8_t *out) {
  int32_t together = x1 - x0;
  /* Single elements in both ways go on to be one element. */
  if ((first_pixel != channels || !first_channel) && (first_pixel || first_channel)) {
    together = 1;
  }
  if ((second_pixel != channels || !second_channel) && (second_pixel || second_channel)) {
    together = 1;
  }
  for (int32_t x = x0; x < x1; x += together) {
    function(quantization, first + x * first_pixel, second + x * second_pixel, first_channel,
             second_channel, out + x * channels, together * channels);
  }
}

#endif
