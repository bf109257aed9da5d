/* Convolution of each channel by itself for ARMv6-M, int8: output row [W][C] from KH input rows
 * [W][C]. A pixel's sums lie in scratch until all channels are requantised. */
#include <stdint.h>

#include "common/assembly.h"
#include "common/function.h"
#include "common/requantize_s8_m0plus.h"

typedef struct {
  const int8_t *filter;   /* [KH][KW][C] */
  const int32_t *requant; /* as in requantize_s8_m0plus */
  int32_t input_width;
  int32_t channels; /* C */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left; /* columns of padding */
  int16_t min;   /* the bounds of the activation */
  int16_t max;
  int8_t input_zero_point;
  int8_t output_zero_point;
} depthwise_conv2d_s8_m0plus_params;

/* Three rows of three adjoining taps. */
typedef struct {
  const int8_t *x[3]; /* each row's second tap, of the first channel */
  const int8_t *w;    /* the filter's second tap */
  int32_t row;        /* the bytes of three taps */
  int32_t minus;      /* the channels, negative */
  int32_t *sums;      /* [C] */
} depthwise_conv2d_s8_m0plus_nine;

#define THIMBLE_M0PLUS_TAP(offset)   \
  "ldrsb r5, [r0, " offset "]\n"     \
  "ldrsb r6, [r1, " offset "]\n"     \
  "muls r6, r5, r6\n"                \
  "adds r7, r7, r6\n"

/* The sums of nine taps for all channels. The taps of a row lie as far apart as those of the
 * filter, so the same three index registers serve both. */
THIMBLE_ASSEMBLY static void depthwise_conv2d_s8_m0plus_sums(
    const depthwise_conv2d_s8_m0plus_nine *nine THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(
      ".syntax unified\n"
      "push {r4-r7, lr}\n"
      "mov  r4, r8\n"
      "mov  r5, r9\n"
      "mov  r6, r10\n"
      "mov  r7, r11\n"
      "push {r4-r7}\n"
      "ldmia r0!, {r1, r2, r3, r4, r5, r6, r7}\n"
      "mov  r8, r1\n"
      "mov  r9, r2\n"
      "mov  r10, r3\n"
      "mov  lr, r4\n"
      "mov  r11, r5\n"
      "mov  r12, r7\n"
      "mov  r2, r6\n"
      "movs r3, #0\n"
      "rsbs r4, r6, #0\n"
      "1:\n"
      "mov  r0, r8\n"
      "mov  r1, lr\n"
      "ldrsb r5, [r0, r2]\n"
      "ldrsb r7, [r1, r2]\n"
      "muls r7, r5, r7\n" THIMBLE_M0PLUS_TAP("r3") THIMBLE_M0PLUS_TAP("r4")
      "mov  r0, r9\n"
      "add  r1, r11\n" THIMBLE_M0PLUS_TAP("r2") THIMBLE_M0PLUS_TAP("r3") THIMBLE_M0PLUS_TAP("r4")
      "mov  r0, r10\n"
      "add  r1, r11\n" THIMBLE_M0PLUS_TAP("r2") THIMBLE_M0PLUS_TAP("r3") THIMBLE_M0PLUS_TAP("r4")
      "mov  r0, r12\n"
      "stmia r0!, {r7}\n"
      "mov  r12, r0\n"
      "adds r3, r3, #1\n"
      "adds r4, r4, #1\n"
      "adds r2, r2, #1\n"
      "bne  1b\n"
      "pop  {r4-r7}\n"
      "mov  r8, r4\n"
      "mov  r9, r5\n"
      "mov  r10, r6\n"
      "mov  r11, r7\n"
      "pop  {r4-r7, pc}\n");
}

/* Adds one tap's products to the sums. The first two addresses are of the end of the channels,
 * `minus` is their number, negative. */
THIMBLE_ASSEMBLY static void depthwise_conv2d_s8_m0plus_tap(
    const int8_t *x THIMBLE_ASSEMBLY_READS, const int8_t *w THIMBLE_ASSEMBLY_READS,
    int32_t minus THIMBLE_ASSEMBLY_READS, int32_t *sums THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(
      ".syntax unified\n"
      "push {r4-r6, lr}\n"
      "1:\n"
      "ldrsb r4, [r0, r2]\n"
      "ldrsb r5, [r1, r2]\n"
      "muls r4, r5, r4\n"
      "ldr  r6, [r3]\n"
      "adds r6, r6, r4\n"
      "stmia r3!, {r6}\n"
      "adds r2, r2, #1\n"
      "bne  1b\n"
      "pop  {r4-r6, pc}\n");
}

/* The sums of one pixel whatever its window; taps outside of the map see the zero point. */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_m0plus_any(
    const depthwise_conv2d_s8_m0plus_params *p, const void *const *rows, int32_t column,
    int32_t *sums, const int8_t *zeros) {
  const int8_t *w = p->filter;
  int32_t channels = p->channels;
  for (int32_t c = 0; c < channels; ++c) {
    sums[c] = 0;
  }
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    int32_t at = column;
    for (int32_t tap = 0; tap < p->kernel_width; ++tap, at += p->dilation_width) {
      const int8_t *x = zeros;
      if (row && at >= 0 && at < p->input_width) {
        x = row + at * channels;
      }
      w += channels;
      depthwise_conv2d_s8_m0plus_tap(x + channels, w, -channels, sums);
    }
  }
}

/* Whether a window of three by three adjoining taps lies within the map, whose addresses then
 * stand in `nine`. */
static THIMBLE_NOINLINE int32_t depthwise_conv2d_s8_m0plus_inside(
    const depthwise_conv2d_s8_m0plus_params *p, const void *const *rows, int32_t column,
    depthwise_conv2d_s8_m0plus_nine *nine) {
  if (column < 0 || column + 3 > p->input_width) {
    return 0;
  }
  for (int32_t ky = 0; ky < 3; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    if (!row) {
      return 0;
    }
    nine->x[ky] = row + (column + 1) * p->channels;
  }
  return 1;
}

static THIMBLE_NOINLINE void depthwise_conv2d_s8_m0plus(const void *params, const void *const *rows,
                                                        int32_t x0, int32_t x1, void *out,
                                                        void *scratch) {
  const depthwise_conv2d_s8_m0plus_params *p = (const depthwise_conv2d_s8_m0plus_params *)params;
  int32_t channels = p->channels;
  int32_t *sums = (int32_t *)scratch;
  int8_t *zeros = (int8_t *)(sums + channels);
  int32_t adjoining = p->kernel_height == 3 && p->kernel_width == 3 && p->dilation_width == 1;
  depthwise_conv2d_s8_m0plus_nine nine;
  requantize_s8_m0plus_bounds bounds;
  nine.w = p->filter + channels;
  nine.row = 3 * channels;
  nine.minus = -channels;
  nine.sums = sums;
  bounds.min = p->min;
  bounds.max = p->max;
  bounds.rounding = 2 * p->output_zero_point + 1;
  bounds.count = channels;
  for (int32_t c = 0; c < channels; ++c) {
    zeros[c] = p->input_zero_point;
  }
  for (int32_t x = x0; x < x1; ++x) {
    int32_t column = x * p->stride_width - p->left;
    if (adjoining && depthwise_conv2d_s8_m0plus_inside(p, rows, column, &nine)) {
      depthwise_conv2d_s8_m0plus_sums(&nine);
    } else {
      depthwise_conv2d_s8_m0plus_any(p, rows, column, sums, zeros);
    }
    requantize_s8_m0plus(sums, p->requant, (int8_t *)out + x * channels, &bounds);
  }
}
