/* Products of two pixels, each K adjoining bytes, and filters of 4-bit elements with M-profile vector
 * instructions (MVE).
 *
 * Channels lie in blocks of four, the last of which is filled up with zeros. A block has a vector of
 * each channel for every 32 elements: the lower halves of its bytes are the first 16, the upper
 * halves the others. Where 16 elements or less are left, two vectors follow, the first of which has
 * those of channel 0 in the lower halves and of channel 1 in the upper ones, the second those of
 * channels 2 and 3; where more than 16 are left, they are filled up to 32. */
#ifndef THIMBLE_NIBBLES_S8_HELIUM_H
#define THIMBLE_NIBBLES_S8_HELIUM_H

#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"
#include "common/scale_s8_helium.h"

typedef struct {
  const int8_t *filter;
  int32_t depth;    /* K */
  int32_t channels; /* O; the tables of scale are filled up to blocks */
} thimble_nibbles;

#define THIMBLE_NIBBLES_LOW(both) vshrq_n_s8(vshlq_n_s8(both, 4), 4)
#define THIMBLE_NIBBLES_HIGH(both) vshrq_n_s8(both, 4)

/* 32 elements of one channel. */
#define THIMBLE_NIBBLES_CHANNEL(n)                       \
  both = vldrbq_s8(w + 16 * n);                          \
  half = THIMBLE_NIBBLES_LOW(both);                      \
  both = THIMBLE_NIBBLES_HIGH(both);                     \
  a##n = vmladavaq_s8(a##n, x0, half);                   \
  b##n = vmladavaq_s8(b##n, y0, half);                   \
  a##n = vmladavaq_s8(a##n, x1, both);                   \
  b##n = vmladavaq_s8(b##n, y1, both);

/* The last elements of two channels. */
#define THIMBLE_NIBBLES_LAST(n, m)                       \
  both = vldrbq_s8(w);                                   \
  half = THIMBLE_NIBBLES_LOW(both);                      \
  both = THIMBLE_NIBBLES_HIGH(both);                     \
  a##n = vmladavaq_s8(a##n, x0, half);                   \
  b##n = vmladavaq_s8(b##n, y0, half);                   \
  a##m = vmladavaq_s8(a##m, x0, both);                   \
  b##m = vmladavaq_s8(b##m, y0, both);                   \
  w += 16;

/* A block's sums, [pixel][4]; returns the filter's end. */
static THIMBLE_NOINLINE const int8_t *thimble_nibbles_block(const int8_t *first,
                                                            const int8_t *second, int32_t depth,
                                                            const int8_t *w, const int32_t *bias,
                                                            int32_t *sums) {
  int32_t a0 = bias[0], a1 = bias[1], a2 = bias[2], a3 = bias[3];
  int32_t b0 = a0, b1 = a1, b2 = a2, b3 = a3;
  int8x16_t x0, x1, y0, y1, both, half;
  int32_t left = depth;
  for (; left >= 32; left -= 32, w += 64) {
    x0 = vldrbq_s8(first);
    x1 = vldrbq_s8(first + 16);
    y0 = vldrbq_s8(second);
    y1 = vldrbq_s8(second + 16);
    THIMBLE_NIBBLES_CHANNEL(0)
    THIMBLE_NIBBLES_CHANNEL(1)
    THIMBLE_NIBBLES_CHANNEL(2)
    THIMBLE_NIBBLES_CHANNEL(3)
    first += 32;
    second += 32;
  }
  if (left > 16) {
    mve_pred16_t some = vctp8q((uint32_t)left - 16);
    x0 = vldrbq_s8(first);
    x1 = vldrbq_z_s8(first + 16, some);
    y0 = vldrbq_s8(second);
    y1 = vldrbq_z_s8(second + 16, some);
    THIMBLE_NIBBLES_CHANNEL(0)
    THIMBLE_NIBBLES_CHANNEL(1)
    THIMBLE_NIBBLES_CHANNEL(2)
    THIMBLE_NIBBLES_CHANNEL(3)
    w += 64;
  } else if (left > 0) {
    mve_pred16_t some = vctp8q((uint32_t)left);
    x0 = vldrbq_z_s8(first, some);
    y0 = vldrbq_z_s8(second, some);
    THIMBLE_NIBBLES_LAST(0, 1)
    THIMBLE_NIBBLES_LAST(2, 3)
  }
  sums[0] = a0;
  sums[1] = a1;
  sums[2] = a2;
  sums[3] = a3;
  sums[4] = b0;
  sums[5] = b1;
  sums[6] = b2;
  sums[7] = b3;
  return w;
}

/* All channels of two pixels to out[0] and out[1]; of one, both are the same. */
static THIMBLE_NOINLINE void thimble_nibbles_pair(const thimble_nibbles *g, const thimble_scale *s,
                                                  const int8_t *first, const int8_t *second,
                                                  int8_t *const *out) {
  const int8_t *w = g->filter;
  int8_t *to[2];
  int32_t sums[8];
  for (int32_t channel = 0; channel < g->channels; channel += 4) {
    int32_t lanes = g->channels - channel < 4 ? g->channels - channel : 4;
    w = thimble_nibbles_block(first, second, g->depth, w, s->bias + channel, sums);
    to[0] = out[0] + channel;
    to[1] = out[1] + channel;
    thimble_scale_rest(s, sums, channel, lanes, to, 2);
  }
}

#endif
