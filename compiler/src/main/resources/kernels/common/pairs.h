/* Walks over two operands that are broadcast against each other, of any element types. A run of
 * elements is computed by a function of its own, to which these pass the addresses and, in elements,
 * the distances from one to the next. */
#ifndef THIMBLE_PAIRS_H
#define THIMBLE_PAIRS_H

#include <stdint.h>

#include "common/function.h"

/* For a kernel by rows: where the operands' elements lie. */
typedef struct {
  const void *second;  /* a constant row, or null where the second operand is read at run time */
  int32_t channels;    /* C */
  int32_t first_pixel; /* the distance from one column to the next, in elements */
  int32_t second_pixel;
  uint8_t first_channel; /* the distance from one channel to the next: 0 or 1 */
  uint8_t second_channel;
  uint8_t exchanged; /* 1 where the function takes the second operand first */
} thimble_pair_rows;

/* For a kernel of whole tensors of four axes. */
typedef struct {
  const void *first;  /* a constant, or null where the operand is read at run time */
  const void *second; /* likewise */
  int32_t extent0;    /* of the output */
  int32_t extent1;
  int32_t extent2;
  int32_t extent3;
  int32_t first_stride0; /* in elements; 0 along the axes that broadcasting repeats */
  int32_t first_stride1;
  int32_t first_stride2;
  int32_t first_stride3;
  int32_t second_stride0;
  int32_t second_stride1;
  int32_t second_stride2;
  int32_t second_stride3;
  uint8_t exchanged; /* 1 where the function takes the second operand first */
} thimble_pair_maps;

typedef void (*thimble_pair_run)(const void *params, const void *a, const void *b, int32_t a_step,
                                 int32_t b_step, void *out, int32_t count);

static THIMBLE_NOINLINE void thimble_pairs_by_rows(const thimble_pair_rows *p, thimble_pair_run run,
                                                   const void *params, const void *const *rows,
                                                   int32_t x0, int32_t x1, void *out,
                                                   int32_t bytes, int32_t out_bytes) {
  int32_t count = p->channels;
  int32_t a_step = p->first_channel, b_step = p->second_channel;
  int32_t a_pixel = p->first_pixel * bytes, b_pixel = p->second_pixel * bytes;
  const uint8_t *a = (const uint8_t *)rows[0] + x0 * a_pixel;
  const uint8_t *b = (const uint8_t *)(p->second ? p->second : rows[1]) + x0 * b_pixel;
  uint8_t *to = (uint8_t *)out + x0 * count * out_bytes;
  if (p->first_pixel == a_step * count && p->second_pixel == b_step * count) {
    count *= x1 - x0;
    x1 = x0 + (x1 > x0);
  }
  for (int32_t x = x0; x < x1; ++x) {
    if (p->exchanged) {
      run(params, b, a, b_step, a_step, to, count);
    } else {
      run(params, a, b, a_step, b_step, to, count);
    }
    a += a_pixel;
    b += b_pixel;
    to += count * out_bytes;
  }
}

static THIMBLE_NOINLINE void thimble_pairs_of_maps(const thimble_pair_maps *p, thimble_pair_run run,
                                                   const void *params, const void *const *inputs,
                                                   void *out, int32_t bytes, int32_t out_bytes) {
  const uint8_t *first = (const uint8_t *)(p->first ? p->first : *inputs++);
  const uint8_t *second = (const uint8_t *)(p->second ? p->second : *inputs);
  uint8_t *to = (uint8_t *)out;
  for (int32_t i0 = 0; i0 < p->extent0; ++i0) {
    for (int32_t i1 = 0; i1 < p->extent1; ++i1) {
      for (int32_t i2 = 0; i2 < p->extent2; ++i2) {
        const uint8_t *a = first + bytes * (i0 * p->first_stride0 + i1 * p->first_stride1 +
                                            i2 * p->first_stride2);
        const uint8_t *b = second + bytes * (i0 * p->second_stride0 + i1 * p->second_stride1 +
                                             i2 * p->second_stride2);
        if (p->exchanged) {
          run(params, b, a, p->second_stride3, p->first_stride3, to, p->extent3);
        } else {
          run(params, a, b, p->first_stride3, p->second_stride3, to, p->extent3);
        }
        to += p->extent3 * out_bytes;
      }
    }
  }
}

#endif
