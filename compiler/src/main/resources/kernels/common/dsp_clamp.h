/* Clamps on cores with the DSP extension. */
#ifndef THIMBLE_DSP_CLAMP_H
#define THIMBLE_DSP_CLAMP_H

#include <stdint.h>

#include "common/function.h"

/* Keeps elements within bounds where those are not the type's. */
static THIMBLE_INLINE void dsp_clamp_row(int8_t *out, int32_t count, int32_t min, int32_t max) {
  if (min > INT8_MIN || max < INT8_MAX) {
    for (int8_t *end = out + count; out < end; ++out) {
      int32_t value = *out < min ? min : *out;
      *out = (int8_t)(value > max ? max : value);
    }
  }
}

#endif
