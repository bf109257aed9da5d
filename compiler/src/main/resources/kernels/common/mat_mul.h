/* Where the elements of stacked matrices lie, for products of them. */
#ifndef THIMBLE_MAT_MUL_H
#define THIMBLE_MAT_MUL_H

#include <stdint.h>

#include "common/function.h"

/* Distances are in elements; those between matrices are 0 where broadcasting repeats one. */
typedef struct {
  int32_t extent0; /* of the stack */
  int32_t extent1;
  int32_t extent2;
  int32_t first_stride0;
  int32_t first_stride1;
  int32_t first_stride2;
  int32_t second_stride0;
  int32_t second_stride1;
  int32_t second_stride2;
  int32_t rows;          /* M */
  int32_t columns;       /* N */
  int32_t depth;         /* K */
  int32_t first_row;     /* from one row of the first matrix to the next */
  int32_t first_step;    /* along its shared axis */
  int32_t second_column; /* from one column of the second matrix to the next */
  int32_t second_step;
} mat_mul_places;

/* The number of products. */
static THIMBLE_INLINE int32_t mat_mul_count(const mat_mul_places *p) {
  return p->extent0 * p->extent1 * p->extent2;
}

/* Where the first matrix of a product begins. */
static THIMBLE_INLINE int32_t mat_mul_first(const mat_mul_places *p, int32_t product) {
  int32_t outer = product / p->extent2;
  return product % p->extent2 * p->first_stride2 + outer % p->extent1 * p->first_stride1 +
         outer / p->extent1 * p->first_stride0;
}

/* Where the second matrix of a product begins. */
static THIMBLE_INLINE int32_t mat_mul_second(const mat_mul_places *p, int32_t product) {
  int32_t outer = product / p->extent2;
  return product % p->extent2 * p->second_stride2 + outer % p->extent1 * p->second_stride1 +
         outer / p->extent1 * p->second_stride0;
}

#endif
