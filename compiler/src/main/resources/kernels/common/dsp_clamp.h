/* Clamps on cores with the DSP extension. */
#ifndef THIMBLE_DSP_CLAMP_H
#define THIMBLE_DSP_CLAMP_H

#include <stdint.h>

#include "common/dsp_pixels.h"
#include "common/function.h"

/* Keeps elements within bounds where those are not the type's. */
static THIMBLE_INLINE void dsp_clamp_row(int8_t *out, int32_t count, int32_t min, int32_t max) {
  if (min > INT8_MIN || max < INT8_MAX) {
    dsp_clamp_elements(out, out, count, min, max);
  }
}

#endif
