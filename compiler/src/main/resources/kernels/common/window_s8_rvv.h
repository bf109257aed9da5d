/* The input that a piece of an output row needs, in working memory, with the RISC-V vector
 * extension: whole pixels, with the zero point where the map has none. */
#ifndef THIMBLE_WINDOW_S8_RVV_H
#define THIMBLE_WINDOW_S8_RVV_H

#include <riscv_vector.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  int32_t input_width;
  int32_t channels; /* C, of an input pixel */
  int32_t chunk;    /* output columns that are computed at a time; all where rows are not copied */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left; /* columns of padding */
  int8_t input_zero_point;
  uint8_t direct; /* 1: the kernel has one row, and no window leaves the map: nothing is copied */
} thimble_window_rvv;

/* Where windows begin, and how far their rows lie apart. */
typedef struct {
  const int8_t *first;
  int32_t pitch;
} thimble_view_rvv;

static THIMBLE_INLINE int8_t *thimble_window_copy(int8_t *to, const int8_t *from, int32_t bytes) {
  for (size_t left = (size_t)bytes, vl; left > 0; left -= vl) {
    vl = __riscv_vsetvl_e8m8(left);
    __riscv_vse8_v_i8m8(to, __riscv_vle8_v_i8m8(from, vl), vl);
    from += vl;
    to += vl;
  }
  return to;
}

static THIMBLE_INLINE int8_t *thimble_window_fill(int8_t *to, int8_t value, int32_t bytes) {
  for (size_t left = (size_t)bytes, vl; left > 0; left -= vl) {
    vl = __riscv_vsetvl_e8m8(left);
    __riscv_vse8_v_i8m8(to, __riscv_vmv_v_x_i8m8(value, vl), vl);
    to += vl;
  }
  return to;
}

/* The windows of output columns [x0, x1). */
static THIMBLE_NOINLINE thimble_view_rvv thimble_window_rows(const thimble_window_rvv *p,
                                                             const void *const *rows, int32_t x0,
                                                             int32_t x1, int8_t *memory) {
  int32_t begin = x0 * p->stride_width - p->left;
  int32_t end = (x1 - 1) * p->stride_width - p->left + (p->kernel_width - 1) * p->dilation_width + 1;
  thimble_view_rvv view;
  int32_t from = begin > 0 ? begin : 0;
  int32_t to = end < p->input_width ? end : p->input_width;
  view.pitch = (end - begin) * p->channels;
  if (p->direct) {
    view.first = (const int8_t *)rows[0] + begin * p->channels;
    return view;
  }
  view.first = memory;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    if (!row || from >= to) {
      memory = thimble_window_fill(memory, p->input_zero_point, view.pitch);
    } else {
      memory = thimble_window_fill(memory, p->input_zero_point, (from - begin) * p->channels);
      memory = thimble_window_copy(memory, row + from * p->channels, (to - from) * p->channels);
      memory = thimble_window_fill(memory, p->input_zero_point, (end - to) * p->channels);
    }
  }
  return view;
}

#endif
