/* Requantisation to int16 on cores with the DSP extension (docs/quantization.md, Q4 and Q61). */
#ifndef THIMBLE_DSP_HALFWORD_OUTPUTS_H
#define THIMBLE_DSP_HALFWORD_OUTPUTS_H

#include <stdint.h>

#include "common/function.h"
#include "common/requantize.h"
#include "common/requantize_wide.h"

/* How the sums of a node become outputs. */
typedef struct {
  const int32_t *bias;       /* [O], the lower halves */
  const int32_t *bias_high;  /* [O], or null where those are all */
  const int32_t *multiplier; /* [O], or [1] where all channels agree */
  const int8_t *shift;       /* as multiplier */
  int16_t min;               /* the bounds of the activation */
  int16_t max;
  uint8_t per_channel; /* 1: multiplier and shift have an entry for each channel */
  uint8_t wide;        /* 1: sums have 64 bits */
  uint8_t quick;       /* 1: all sums, biases included, are below 2^30 and shifts below 0 */
} dsp_halfword_outputs;

/* The output of a sum below 2^30, by a shift below 0. Of a number that was rounded up to an integer
 * once, a tie must then go away from zero: a negative one is lowered by one. Where all is rounded at
 * once, which has the same constants whether sums have 64 bits or not, the first integer is the
 * floor: what that drops cannot reach the next multiple. */
static THIMBLE_SPECIALIZED int32_t dsp_halfword_quick(int32_t sum, int32_t multiplier,
                                                      int32_t shift, int32_t wide) {
  int32_t high;
#ifdef THIMBLE_SINGLE_ROUNDING
  wide = 1;
#endif
  if (wide) {
    __asm__("smmul %0, %1, %2" : "=r"(high) : "r"(sum * 2), "r"(multiplier));
  } else {
    __asm__("smmulr %0, %1, %2" : "=r"(high) : "r"(sum * 2), "r"(multiplier));
    high += high >> 31;
  }
  return ((high >> ~shift) + 1) >> 1;
}

/* The output of any sum. */
static THIMBLE_NOINLINE int32_t dsp_halfword_any(const dsp_halfword_outputs *p, int64_t sum,
                                                 int32_t channel) {
  int32_t entry = p->per_channel ? channel : 0;
  return p->wide ? thimble_requantize_wide(sum, p->multiplier[entry], p->shift[entry])
                 : thimble_requantize((int32_t)sum, p->multiplier[entry], p->shift[entry]);
}

/* The output of a sum that has its bias, where the node is a quick one. */
static THIMBLE_INLINE int16_t dsp_halfword_output(const dsp_halfword_outputs *p, int32_t sum,
                                                  int32_t channel) {
  int32_t entry = p->per_channel ? channel : 0;
  int32_t multiplier = p->multiplier[entry];
  int32_t value = p->wide ? dsp_halfword_quick(sum, multiplier, p->shift[entry], 1)
                          : dsp_halfword_quick(sum, multiplier, p->shift[entry], 0);
  return (int16_t)thimble_clamp(value, p->min, p->max);
}

/* Stores two outputs within the bounds, each of which is given twice in a word. */
static THIMBLE_SPECIALIZED void dsp_halfword_store(int16_t *to, int32_t first, int32_t second,
                                                   int32_t least, int32_t most) {
  int32_t pair, other;
  __asm__(
      "ssat %[pair], #16, %[first]\n\t"
      "ssat %[other], #16, %[second]\n\t"
      "pkhbt %[pair], %[pair], %[other], lsl #16\n\t"
      "ssub16 %[other], %[pair], %[least]\n\t"
      "sel %[pair], %[pair], %[least]\n\t"
      "ssub16 %[other], %[pair], %[most]\n\t"
      "sel %[pair], %[most], %[pair]\n\t"
      "str %[pair], %[to]"
      : [pair] "=&r"(pair), [other] "=&r"(other), [to] "=m"(*(int16_t(*)[2])to)
      : [first] "r"(first), [second] "r"(second), [least] "r"(least), [most] "r"(most));
}

/* The outputs of four channels of so many pixels from sums that have their biases; those of the
 * second pixel are `next` elements behind the first one's. */
static THIMBLE_SPECIALIZED void dsp_halfword_four(const dsp_halfword_outputs *p, int32_t channel,
                                                  const int32_t *sums, int32_t pixels,
                                                  int32_t wide, int16_t *to, int32_t next) {
  int32_t least = (int32_t)((uint32_t)(uint16_t)p->min * 0x10001u);
  int32_t most = (int32_t)((uint32_t)(uint16_t)p->max * 0x10001u);
  int32_t step = p->per_channel;
  const int32_t *multiplier = p->multiplier + step * channel;
  const int8_t *shift = p->shift + step * channel;
  for (int32_t i = 0; i < 2; ++i) {
    int32_t m = multiplier[0], n = multiplier[step];
    int32_t s = shift[0], t = shift[step];
    dsp_halfword_store(to, dsp_halfword_quick(sums[0], m, s, wide),
                       dsp_halfword_quick(sums[pixels], n, t, wide), least, most);
    if (pixels == 2) {
      dsp_halfword_store(to + next, dsp_halfword_quick(sums[1], m, s, wide),
                         dsp_halfword_quick(sums[3], n, t, wide), least, most);
    }
    multiplier += 2 * step;
    shift += 2 * step;
    sums += 2 * pixels;
    to += 2;
  }
}

static THIMBLE_NOINLINE void dsp_halfword_four_pair(const dsp_halfword_outputs *p, int32_t channel,
                                                    const int32_t *sums, int16_t *to,
                                                    int32_t next) {
  if (p->wide) {
    dsp_halfword_four(p, channel, sums, 2, 1, to, next);
  } else {
    dsp_halfword_four(p, channel, sums, 2, 0, to, next);
  }
}

static THIMBLE_NOINLINE void dsp_halfword_four_one(const dsp_halfword_outputs *p, int32_t channel,
                                                   const int32_t *sums, int16_t *to) {
  if (p->wide) {
    dsp_halfword_four(p, channel, sums, 1, 1, to, 0);
  } else {
    dsp_halfword_four(p, channel, sums, 1, 0, to, 0);
  }
}

#endif
