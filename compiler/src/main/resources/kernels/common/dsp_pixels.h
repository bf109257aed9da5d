/* Four int8 elements at a time on cores with the DSP extension, at any address. */
#ifndef THIMBLE_DSP_PIXELS_H
#define THIMBLE_DSP_PIXELS_H

#include <stdint.h>

#include "common/function.h"

/* Cores with the DSP extension load and store single words at any address; these two instructions
 * are written out as compilers that are told of strict alignment would take bytes. */
static THIMBLE_INLINE uint32_t dsp_load4(const int8_t *from) {
  uint32_t word;
  __asm__("ldr %0, %1" : "=r"(word) : "m"(*(const int8_t(*)[4])from));
  return word;
}

static THIMBLE_INLINE void dsp_store4(int8_t *to, uint32_t word) {
  __asm__("str %1, %0" : "=m"(*(int8_t(*)[4])to) : "r"(word));
}

/* The same element four times. */
static THIMBLE_INLINE uint32_t dsp_repeat4(int32_t element) {
  return (uint8_t)element * 0x01010101u;
}

/* The larger of each two elements. SEL goes by the flags that SSUB8 leaves. */
static THIMBLE_INLINE uint32_t dsp_max4(uint32_t a, uint32_t b) {
  uint32_t result;
  __asm__("ssub8 %0, %1, %2\n\tsel %0, %1, %2" : "=&r"(result) : "r"(a), "r"(b));
  return result;
}

/* The smaller of each two elements. */
static THIMBLE_INLINE uint32_t dsp_min4(uint32_t a, uint32_t b) {
  uint32_t result;
  __asm__("ssub8 %0, %1, %2\n\tsel %0, %2, %1" : "=&r"(result) : "r"(a), "r"(b));
  return result;
}

/* Keeps elements within bounds. */
static THIMBLE_NOINLINE void dsp_clamp_elements(const int8_t *from, int8_t *to, int32_t count,
                                                int32_t min, int32_t max) {
  uint32_t least = dsp_repeat4(min);
  uint32_t most = dsp_repeat4(max);
  int8_t *end = to + count;
  for (; end - to >= 4; to += 4, from += 4) {
    dsp_store4(to, dsp_min4(dsp_max4(dsp_load4(from), least), most));
  }
  for (; to < end; ++to, ++from) {
    int32_t value = *from < min ? min : *from;
    *to = (int8_t)(value > max ? max : value);
  }
}

#endif
