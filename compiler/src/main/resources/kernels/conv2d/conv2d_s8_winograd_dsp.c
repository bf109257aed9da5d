/* Convolution of 3x3 taps and stride 1, int8, by Winograd's minimal filtering F(2x2, 3x3) (Lavin and
 * Gray 2016, arXiv 1509.09308): 16 multiplications for four outputs in place of 36. The filter was
 * transformed by 2G in place of G, which keeps it integral; what comes out is four times the sum,
 * exactly. */
#include <stdint.h>
#include <string.h>

#include "common/function.h"
#include "common/requantize.h"

/* Output pixels of a tile's sides, and input pixels that they see. */
#define CONV2D_S8_WINOGRAD_TILE 2
#define CONV2D_S8_WINOGRAD_PATCH 4
#define CONV2D_S8_WINOGRAD_POSITIONS 16

/* Scratch holds the transformed input of two tiles that adjoin, [16][C / 4][tile][4], 16-bit; the
 * products of two output channels, [16][channel][tile], 32-bit; and a pixel of zero points, [C]. */
typedef struct {
  const int32_t *filter; /* pairs of 16 bits: [O / 2][16][C / 4][2][4], channels in order 0, 2, 1, 3 */
  const int32_t *channel; /* [O][4]: conv2d_s8_winograd_channel */
  int32_t batch;
  int32_t input_height;
  int32_t input_width;
  int32_t channels; /* C, a multiple of 8 */
  int32_t output_height;
  int32_t output_width;
  int32_t filters; /* O, even */
  uint16_t top;    /* rows and columns of padding */
  uint16_t left;
  int8_t min; /* the bounds of stored outputs */
  int8_t max;
  int8_t input_zero_point;
} conv2d_s8_winograd_dsp_params;

/* Two 16-bit numbers in one register, added or subtracted by one instruction. */
static THIMBLE_INLINE uint32_t conv2d_s8_winograd_add(uint32_t a, uint32_t b) {
  uint32_t sum;
  __asm__("sadd16 %0, %1, %2" : "=r"(sum) : "r"(a), "r"(b));
  return sum;
}

static THIMBLE_INLINE uint32_t conv2d_s8_winograd_subtract(uint32_t a, uint32_t b) {
  uint32_t difference;
  __asm__("ssub16 %0, %1, %2" : "=r"(difference) : "r"(a), "r"(b));
  return difference;
}

/* Four channels of a pixel as 16-bit numbers: channels 0 and 2, then 1 and 3. */
static THIMBLE_INLINE void conv2d_s8_winograd_load(const int8_t *from, uint32_t *pair) {
  uint32_t word;
  memcpy(&word, from, sizeof word);
  __asm__("sxtb16 %0, %1" : "=r"(pair[0]) : "r"(word));
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(pair[1]) : "r"(word));
}

/* One side of the input's transform, B'd, in place: four numbers to four. */
static THIMBLE_INLINE void conv2d_s8_winograd_input(uint32_t *d0, uint32_t *d1, uint32_t *d2,
                                                    uint32_t *d3) {
  uint32_t one = *d1, two = *d2;
  *d0 = conv2d_s8_winograd_subtract(*d0, two);
  *d1 = conv2d_s8_winograd_add(one, two);
  *d2 = conv2d_s8_winograd_subtract(two, one);
  *d3 = conv2d_s8_winograd_subtract(one, *d3);
}

/* Four channels of a column of four pixels, transformed along the column, to where the columns of a
 * patch stand side by side: [4][6][2]. */
static THIMBLE_INLINE void conv2d_s8_winograd_column(const int8_t *const *pixels, int32_t c,
                                                     uint32_t *to) {
  uint32_t a[2], b[2], d[2], e[2];
  conv2d_s8_winograd_load(pixels[0] + c, a);
  conv2d_s8_winograd_load(pixels[6] + c, b);
  conv2d_s8_winograd_load(pixels[12] + c, d);
  conv2d_s8_winograd_load(pixels[18] + c, e);
  conv2d_s8_winograd_input(&a[0], &b[0], &d[0], &e[0]);
  conv2d_s8_winograd_input(&a[1], &b[1], &d[1], &e[1]);
  to[0] = a[0];
  to[1] = a[1];
  to[12] = b[0];
  to[13] = b[1];
  to[24] = d[0];
  to[25] = d[1];
  to[36] = e[0];
  to[37] = e[1];
}

/* Half a patch's row, transformed along the row, to four positions. */
static THIMBLE_INLINE void conv2d_s8_winograd_row(const uint32_t *columns, int32_t step,
                                                  uint32_t *v) {
  uint32_t a = columns[0], b = columns[2], c = columns[4], d = columns[6];
  conv2d_s8_winograd_input(&a, &b, &c, &d);
  v[0] = a;
  v += step;
  v[0] = b;
  v += step;
  v[0] = c;
  v += step;
  v[0] = d;
}

/* Transforms the patches of two tiles that adjoin. `pixels` are the four rows of six pixels that
 * both see. */
static THIMBLE_NOINLINE void conv2d_s8_winograd_patches(const int8_t *const *pixels,
                                                        int32_t channels, uint32_t *v) {
  for (int32_t c = 0; c < channels; c += 4, v += 4) {
    uint32_t columns[CONV2D_S8_WINOGRAD_PATCH * 12];
    for (int32_t x = 0; x < 6; ++x) {
      conv2d_s8_winograd_column(pixels + x, c, columns + 2 * x);
    }
    uint32_t *to = v;
    for (const uint32_t *row = columns; row < columns + CONV2D_S8_WINOGRAD_PATCH * 12; row += 12) {
      conv2d_s8_winograd_row(row, channels, to);
      conv2d_s8_winograd_row(row + 1, channels, to + 1);
      conv2d_s8_winograd_row(row + 4, channels, to + 2);
      conv2d_s8_winograd_row(row + 5, channels, to + 3);
      to += 4 * channels;
    }
  }
}

/* The products of two tiles and two output channels at all positions, each summed over the input
 * channels; `bytes` are those of one position's transformed input. Returns the filter's end. */
static THIMBLE_NOINLINE const int32_t *conv2d_s8_winograd_products(const uint32_t *v,
                                                                   const int32_t *w, int32_t bytes,
                                                                   int32_t *m) {
  for (int32_t position = 0; position < CONV2D_S8_WINOGRAD_POSITIONS; ++position, m += 4) {
    int32_t s0, s1, s2, s3;
    const uint32_t *end = (const uint32_t *)((const uint8_t *)v + bytes);
    __asm__ volatile(
        "ldmia %[v]!, {r4, r5, r6, r8}\n\t"
        "ldmia %[w]!, {r9, r10}\n\t"
        "smuad %[s0], r4, r9\n\t"
        "smuad %[s1], r6, r9\n\t"
        "smlad %[s0], r5, r10, %[s0]\n\t"
        "smlad %[s1], r8, r10, %[s1]\n\t"
        "ldmia %[w]!, {r9, r10}\n\t"
        "smuad %[s2], r4, r9\n\t"
        "smuad %[s3], r6, r9\n\t"
        "smlad %[s2], r5, r10, %[s2]\n\t"
        "smlad %[s3], r8, r10, %[s3]\n\t"
        "b 2f\n"
        "1:\n\t"
        "ldmia %[v]!, {r4, r5, r6, r8}\n\t"
        "ldmia %[w]!, {r9, r10}\n\t"
        "smlad %[s0], r4, r9, %[s0]\n\t"
        "smlad %[s1], r6, r9, %[s1]\n\t"
        "smlad %[s0], r5, r10, %[s0]\n\t"
        "smlad %[s1], r8, r10, %[s1]\n\t"
        "ldmia %[w]!, {r9, r10}\n\t"
        "smlad %[s2], r4, r9, %[s2]\n\t"
        "smlad %[s3], r6, r9, %[s3]\n\t"
        "smlad %[s2], r5, r10, %[s2]\n\t"
        "smlad %[s3], r8, r10, %[s3]\n"
        "2:\n\t"
        "ldmia %[v]!, {r4, r5, r6, r8}\n\t"
        "ldmia %[w]!, {r9, r10}\n\t"
        "smlad %[s0], r4, r9, %[s0]\n\t"
        "smlad %[s1], r6, r9, %[s1]\n\t"
        "smlad %[s0], r5, r10, %[s0]\n\t"
        "smlad %[s1], r8, r10, %[s1]\n\t"
        "ldmia %[w]!, {r9, r10}\n\t"
        "cmp %[v], %[end]\n\t"
        "smlad %[s2], r4, r9, %[s2]\n\t"
        "smlad %[s3], r6, r9, %[s3]\n\t"
        "smlad %[s2], r5, r10, %[s2]\n\t"
        "smlad %[s3], r8, r10, %[s3]\n\t"
        "bne 1b"
        : [s0] "=&r"(s0), [s1] "=&r"(s1), [s2] "=&r"(s2), [s3] "=&r"(s3), [v] "+r"(v), [w] "+r"(w)
        : [end] "r"(end)
        : "r4", "r5", "r6", "r8", "r9", "r10", "cc", "memory");
    m[0] = s0;
    m[1] = s1;
    m[2] = s2;
    m[3] = s3;
  }
  return w;
}

/* How one channel's sums become its output. */
typedef struct {
  int32_t bias; /* times four */
  int32_t multiplier;
  int32_t round; /* half a step, and the output's zero point, before the shift */
  int32_t shift; /* to the right */
} conv2d_s8_winograd_channel;

/* The stored output for four times a sum, but for the bounds. */
static THIMBLE_INLINE int32_t conv2d_s8_winograd_requantize(const conv2d_s8_winograd_channel *c,
                                                            int32_t sum) {
  int32_t value;
#ifdef THIMBLE_SINGLE_ROUNDING
  value = thimble_requantize(sum >> 2, c->multiplier, -c->shift);
  value += c->round >> c->shift; /* The zero point is what half a step leaves. */
#else
  /* Twice the sum times the multiplier, its upper half rounded, is the high multiplication. */
  __asm__("smmulr %0, %1, %2" : "=r"(value) : "r"(sum >> 1), "r"(c->multiplier));
  /* A negative number is lowered by one, so that a tie goes away from zero. */
  value = (value + (value >> 31) + c->round) >> c->shift;
#endif
  __asm__("ssat %0, #8, %0" : "+r"(value));
  return value;
}

/* Stores one channel of one tile: the output's transform, A'mA, of the products at 16 positions,
 * which lie four apart. The tile's pixels to the right and below lie so far from the first; 0 where
 * they are outside of the map. */
static THIMBLE_NOINLINE void conv2d_s8_winograd_store(const conv2d_s8_winograd_dsp_params *p,
                                                      const int32_t *m, int32_t channel,
                                                      int8_t *out, int32_t right, int32_t below) {
  conv2d_s8_winograd_channel c;
  memcpy(&c, p->channel + 4 * channel, sizeof c);
  int32_t one = m[16], two = m[32];
  int32_t y00 = c.bias + m[0] + one + two, y10 = c.bias + one - two - m[48];
  one = m[20];
  two = m[36];
  int32_t low = m[4] + one + two, high = one - two - m[52];
  int32_t y01 = c.bias + low, y11 = c.bias + high;
  y00 += low;
  y10 += high;
  one = m[24];
  two = m[40];
  low = m[8] + one + two;
  high = one - two - m[56];
  y00 += low;
  y10 += high;
  one = m[28];
  two = m[44];
  y01 -= low + m[12] + one + two;
  y11 -= high + one - two - m[60];
  y00 = conv2d_s8_winograd_requantize(&c, y00);
  y01 = conv2d_s8_winograd_requantize(&c, y01);
  y10 = conv2d_s8_winograd_requantize(&c, y10);
  y11 = conv2d_s8_winograd_requantize(&c, y11);
  if (p->min > INT8_MIN || p->max < INT8_MAX) {
    y00 = thimble_clamp(y00, p->min, p->max);
    y01 = thimble_clamp(y01, p->min, p->max);
    y10 = thimble_clamp(y10, p->min, p->max);
    y11 = thimble_clamp(y11, p->min, p->max);
  }
  if (below) {
    out[below] = (int8_t)y10;
    if (right) {
      out[right + below] = (int8_t)y11;
    }
  }
  if (right) {
    out[right] = (int8_t)y01;
  }
  out[0] = (int8_t)y00;
}

/* Finds the pixels that two tiles see, outside of the map the zero points. */
static THIMBLE_INLINE void conv2d_s8_winograd_pixels(const conv2d_s8_winograd_dsp_params *p,
                                                     const int8_t *map, int32_t y, int32_t x,
                                                     const int8_t *zero, const int8_t **pixels) {
  for (int32_t i = 0; i < CONV2D_S8_WINOGRAD_PATCH; ++i) {
    for (int32_t j = 0; j < 6; ++j) {
      int32_t row = y - p->top + i, column = x - p->left + j;
      int32_t inside =
          row >= 0 && row < p->input_height && column >= 0 && column < p->input_width;
      *pixels++ = inside ? map + (row * p->input_width + column) * p->channels : zero;
    }
  }
}

static THIMBLE_NOINLINE void conv2d_s8_winograd_dsp(const void *params, const void *const *inputs,
                                                    void *out, void *scratch) {
  const conv2d_s8_winograd_dsp_params *p = (const conv2d_s8_winograd_dsp_params *)params;
  const int8_t *map = (const int8_t *)inputs[0];
  int8_t *to = (int8_t *)out;
  uint32_t *v = (uint32_t *)scratch;
  int32_t *m = (int32_t *)(v + CONV2D_S8_WINOGRAD_POSITIONS * p->channels);
  int8_t *zero = (int8_t *)(m + 4 * CONV2D_S8_WINOGRAD_POSITIONS);
  for (int32_t c = 0; c < p->channels; ++c) {
    zero[c] = p->input_zero_point;
  }
  for (int32_t b = 0; b < p->batch; ++b) {
    for (int32_t y = 0; y < p->output_height; y += CONV2D_S8_WINOGRAD_TILE) {
      for (int32_t x = 0; x < p->output_width; x += 2 * CONV2D_S8_WINOGRAD_TILE) {
        const int8_t *pixels[6 * CONV2D_S8_WINOGRAD_PATCH];
        const int32_t *w = p->filter;
        int32_t right = x + 1 < p->output_width ? p->filters : 0;
        int32_t below = y + 1 < p->output_height ? p->output_width * p->filters : 0;
        conv2d_s8_winograd_pixels(p, map, y, x, zero, pixels);
        conv2d_s8_winograd_patches(pixels, p->channels, v);
        for (int32_t o = 0; o < p->filters; o += 2) {
          w = conv2d_s8_winograd_products(v, w, p->channels * 4, m);
          int8_t *first = to + (y * p->output_width + x) * p->filters + o;
          conv2d_s8_winograd_store(p, m, o, first, right, below);
          conv2d_s8_winograd_store(p, m + 2, o + 1, first + 1, right, below);
          if (x + 2 < p->output_width) {
            first += 2 * p->filters;
            int32_t last = x + 3 < p->output_width ? p->filters : 0;
            conv2d_s8_winograd_store(p, m + 1, o, first, last, below);
            conv2d_s8_winograd_store(p, m + 3, o + 1, first + 1, last, below);
          }
        }
      }
    }
    map += p->input_height * p->input_width * p->channels;
    to += p->output_height * p->output_width * p->filters;
  }
}
