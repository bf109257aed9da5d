/* Convolution of each channel by itself for ARMv6-M, int8: output row [W][C] from KH input rows
 * [W][C]. A channel's filter is widened to words for a block of pixels, each of which has a table
 * of its taps' addresses; taps outside of the map read a pixel of zero points. */
#include <stdint.h>

#include "common/assembly.h"
#include "common/function.h"
#include "common/requantize_s8_m0plus.h"

typedef struct {
  const int8_t *filter;   /* [KH][KW][C] */
  const int32_t *requant; /* [C] of three or four words: what sums start from, the multiplier,
                             range and offset, and the dip where there are any */
  int32_t input_width;
  int32_t channels; /* C */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left; /* columns of padding */
  uint16_t range_shift;
  uint16_t offset_shift;
  int32_t zero; /* the output's zero point and a half, times 2^23, where there are dips, or 0 */
  int16_t min; /* the bounds of the activation */
  int16_t max;
  int8_t input_zero_point;
  uint16_t block; /* the pixels of a block */
} depthwise_conv2d_s8_m0plus_params;

/* What the channel functions read; the assembly knows the offsets. */
typedef struct {
  const int8_t **taps;     /*  0: [pixels][KH][KW] addresses of the first channel */
  const int8_t **taps_end; /*  4 */
  int32_t *filter_words;   /*  8: room for a channel's filter and three words more */
  const int8_t *filter;    /* 12 */
  const int32_t *requant;  /* 16 */
  int8_t *out;             /* 20 */
  int32_t channels;        /* 24 */
  int32_t start;           /* 28: (min + 1) << 24, or 23 with dips, less what `zero` is */
  int32_t range_shift;     /* 32 */
  int32_t max;             /* 36 */
  int32_t differing;       /* 40: max ^ min */
  int32_t *filter_end;     /* 44: of the channel's filter in filter_words */
  int32_t offset_shift;    /* 48 */
  int32_t zero;            /* 52: what is added after dips */
} depthwise_conv2d_s8_m0plus_job;

/* Saves the registers, and keeps on the stack: the job, the filter's words, the bounds, and where
 * the channels' constants are, then the channel's dip, and what is added after dips. */
#define THIMBLE_M0PLUS_DEPTHWISE_ENTER \
  ".syntax unified\n"                  \
  "push {r4-r7, lr}\n"                 \
  "mov  r4, r8\n"                      \
  "mov  r5, r9\n"                      \
  "mov  r6, r10\n"                     \
  "mov  r7, r11\n"                     \
  "push {r4-r7}\n"                     \
  "ldr  r4, [r0, #8]\n"                \
  "ldr  r5, [r0, #40]\n"               \
  "ldr  r6, [r0, #36]\n"               \
  "ldr  r7, [r0, #16]\n"               \
  "ldr  r3, [r0, #52]\n"               \
  "sub  sp, #8\n"                      \
  "str  r3, [sp, #4]\n"                \
  "push {r0, r4, r5, r6, r7}\n"        \
  "ldr  r3, [r0, #24]\n"               \
  "mov  r10, r3\n"                     \
  "ldr  r3, [r0, #4]\n"                \
  "mov  r11, r3\n"                     \
  "movs r2, #0\n"                      \
  "1:\n" /* The next channel, r2. */   \
  "ldr  r7, [sp]\n"                    \
  "ldr  r0, [r7, #12]\n"               \
  "ldr  r1, [r7, #8]\n"                \
  "mov  r4, r10\n"

/* Takes the constants apart, behind the filter's words, to which r1 points. r12 is what sums start
 * from, lr the range, r9 the pixel that is written. */
#define THIMBLE_M0PLUS_DEPTHWISE_CHANNEL(dip)                        \
  "ldr  r0, [sp, #16]\n"                                             \
  "ldmia r0!, {r3, r4, r5}\n"                                        \
  dip                                                                \
  "str  r0, [sp, #16]\n"                                             \
  "mov  r12, r3\n"                                                   \
  "ldr  r6, [r7, #28]\n"                                             \
  "ldr  r0, [r7, #32]\n"                                             \
  "ldr  r7, [r7, #48]\n"                                             \
  THIMBLE_M0PLUS_CONSTANTS("r3", "r4", "r6", "r5", "r0", "r7", "r3") \
  "mov  lr, r5\n"                                                    \
  "stmia r1!, {r3, r4, r6}\n"                                        \
  "ldr  r7, [sp]\n"                                                  \
  "ldr  r0, [r7, #20]\n"                                             \
  "mov  r9, r0\n"                                                    \
  "ldr  r0, [r7, #0]\n"                                              \
  "ldr  r1, [sp, #4]\n"                                              \
  "ldr  r7, [r7, #44]\n"

/* Requantises and stores r5, and goes on with the next pixel or channel; `again` puts r1 back to
 * the filter, after the constants were passed, and r7 to its end. */
#define THIMBLE_M0PLUS_DEPTHWISE_LEAVE(dip, again)         \
  "cmp  r5, lr\n"                                          \
  "bhi  7f\n"                                              \
  "ldmia r1!, {r3, r4, r6}\n"                              \
  THIMBLE_M0PLUS_LINEAR("r5", "r3", "r4", "r6", "r7", dip) \
  "6:\n"                                                   \
  "mov  r7, r9\n"                                          \
  "strb r5, [r7, r2]\n"                                    \
  "add  r9, r10\n"                                         \
  again                                                    \
  "cmp  r0, r11\n"                                         \
  "bne  3b\n"                                              \
  "adds r2, r2, #1\n"                                      \
  "cmp  r2, r10\n"                                         \
  "bne  1b\n"                                              \
  "add  sp, #28\n"                                         \
  "pop  {r4-r7}\n"                                         \
  "mov  r8, r4\n"                                          \
  "mov  r9, r5\n"                                          \
  "mov  r10, r6\n"                                         \
  "mov  r11, r7\n"                                         \
  "pop  {r4-r7, pc}\n"                                     \
  "7:\n" /* Beyond the range: the sign tells the bound. */ \
  "asrs r5, r5, #31\n"                                     \
  "ldr  r3, [sp, #8]\n"                                    \
  "ands r5, r5, r3\n"                                      \
  "ldr  r3, [sp, #12]\n"                                   \
  "eors r5, r5, r3\n"                                      \
  "adds r1, r1, #12\n"                                     \
  "b    6b\n"

#define THIMBLE_M0PLUS_DEPTHWISE_WIDEN \
  "ldrsb r3, [r0, r2]\n"               \
  "adds r0, r0, r4\n"                  \
  "ldrsb r5, [r0, r2]\n"               \
  "adds r0, r0, r4\n"                  \
  "ldrsb r6, [r0, r2]\n"               \
  "adds r0, r0, r4\n"                  \
  "stmia r1!, {r3, r5, r6}\n"

#define THIMBLE_M0PLUS_DEPTHWISE_TAPS \
  "ldmia r0!, {r3, r4, r5}\n"         \
  "ldrsb r3, [r3, r2]\n"              \
  "ldrsb r4, [r4, r2]\n"              \
  "ldrsb r5, [r5, r2]\n"              \
  "ldmia r1!, {r6, r7}\n"             \
  "muls r3, r6, r3\n"                 \
  "add  r8, r3\n"                     \
  "muls r4, r7, r4\n"                 \
  "add  r8, r4\n"                     \
  "ldmia r1!, {r6}\n"                 \
  "muls r5, r6, r5\n"

/* Negative sums are lowered by the channel's dip. */
#define THIMBLE_M0PLUS_DEPTHWISE_FETCH_DIP \
  "ldmia r0!, {r6}\n"                      \
  "str  r6, [sp, #20]\n"
#define THIMBLE_M0PLUS_DEPTHWISE_DIP \
  "ldr  r3, [sp, #20]\n"             \
  "asrs r7, r5, #31\n"               \
  "ands r7, r7, r3\n"                \
  "subs r5, r5, r7\n"                \
  "ldr  r3, [sp, #24]\n"             \
  "adds r5, r5, r3\n"                \
  "asrs r5, r5, #23\n"

/* All channels of a block's pixels, of nine taps. */
#define THIMBLE_M0PLUS_DEPTHWISE_NINE(fetch, dip) \
  THIMBLE_M0PLUS_DEPTHWISE_ENTER                  \
  THIMBLE_M0PLUS_DEPTHWISE_WIDEN                  \
  THIMBLE_M0PLUS_DEPTHWISE_WIDEN                  \
  THIMBLE_M0PLUS_DEPTHWISE_WIDEN                  \
  THIMBLE_M0PLUS_DEPTHWISE_CHANNEL(fetch)         \
  "3:\n"                                          \
  "mov  r8, r12\n"                                \
  THIMBLE_M0PLUS_DEPTHWISE_TAPS                   \
  "add  r8, r5\n"                                 \
  THIMBLE_M0PLUS_DEPTHWISE_TAPS                   \
  "add  r8, r5\n"                                 \
  THIMBLE_M0PLUS_DEPTHWISE_TAPS                   \
  "add  r5, r8\n"                                 \
  THIMBLE_M0PLUS_DEPTHWISE_LEAVE(dip, "subs r1, r1, #48\n")

THIMBLE_ASSEMBLY static void depthwise_conv2d_s8_m0plus_nine(
    const depthwise_conv2d_s8_m0plus_job *job THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(THIMBLE_M0PLUS_DEPTHWISE_NINE("", THIMBLE_M0PLUS_PLAIN("r5")));
}

/* The same of any number of taps, with dips, which may be 0. */
THIMBLE_ASSEMBLY static void depthwise_conv2d_s8_m0plus_any(
    const depthwise_conv2d_s8_m0plus_job *job THIMBLE_ASSEMBLY_READS) {
  __asm__ volatile(
      THIMBLE_M0PLUS_DEPTHWISE_ENTER
      "ldr  r6, [r7, #44]\n"
      "2:\n"
      "ldrsb r3, [r0, r2]\n"
      "adds r0, r0, r4\n"
      "stmia r1!, {r3}\n"
      "cmp  r1, r6\n"
      "bne  2b\n"
      THIMBLE_M0PLUS_DEPTHWISE_CHANNEL(THIMBLE_M0PLUS_DEPTHWISE_FETCH_DIP)
      "3:\n"
      "mov  r5, r12\n"
      "4:\n"
      "ldmia r0!, {r3}\n"
      "ldmia r1!, {r6}\n"
      "ldrsb r3, [r3, r2]\n"
      "muls r3, r6, r3\n"
      "adds r5, r5, r3\n"
      "cmp  r1, r7\n"
      "bne  4b\n"
      THIMBLE_M0PLUS_DEPTHWISE_LEAVE(THIMBLE_M0PLUS_DEPTHWISE_DIP,
                                     "subs r1, r1, #12\n"
                                     "mov  r7, r1\n"
                                     "ldr  r1, [sp, #4]\n"));
}

/* Moves nine addresses by `step` to the next pixel's. */
THIMBLE_ASSEMBLY static void depthwise_conv2d_s8_m0plus_next(
    const int8_t **from THIMBLE_ASSEMBLY_READS, const int8_t **to THIMBLE_ASSEMBLY_READS,
    int32_t step THIMBLE_ASSEMBLY_READS) {
#define THIMBLE_M0PLUS_DEPTHWISE_NEXT \
  "ldmia r0!, {r3, r4, r5}\n"         \
  "adds r3, r3, r2\n"                 \
  "adds r4, r4, r2\n"                 \
  "adds r5, r5, r2\n"                 \
  "stmia r1!, {r3, r4, r5}\n"
  __asm__ volatile(
      ".syntax unified\n"
      "push {r4, r5, lr}\n"
      THIMBLE_M0PLUS_DEPTHWISE_NEXT THIMBLE_M0PLUS_DEPTHWISE_NEXT THIMBLE_M0PLUS_DEPTHWISE_NEXT
      "pop  {r4, r5, pc}\n");
}

/* Writes the addresses of a pixel's taps. */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_m0plus_pixel(
    const depthwise_conv2d_s8_m0plus_params *p, const void *const *rows, int32_t column,
    const int8_t *zeros, const int8_t **to) {
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    int32_t at = column;
    for (int32_t tap = 0; tap < p->kernel_width; ++tap, at += p->dilation_width) {
      *to++ = row && at >= 0 && at < p->input_width ? row + at * p->channels : zeros;
    }
  }
}

static THIMBLE_NOINLINE void depthwise_conv2d_s8_m0plus(const void *params, const void *const *rows,
                                                        int32_t x0, int32_t x1, void *out,
                                                        void *scratch) {
  const depthwise_conv2d_s8_m0plus_params *p = (const depthwise_conv2d_s8_m0plus_params *)params;
  int32_t taps = p->kernel_height * p->kernel_width;
  int32_t *zeros = (int32_t *)scratch;
  int32_t zero = (p->input_zero_point & 255) * 0x01010101;
  int32_t step = p->stride_width * p->channels;
  int32_t across = (p->kernel_width - 1) * p->dilation_width;
  int32_t whole = taps == 9; /* No row lies outside of the map. */
  depthwise_conv2d_s8_m0plus_job job;
  job.filter_words = zeros + (p->channels + 3) / 4;
  job.filter_end = job.filter_words + taps;
  job.taps = (const int8_t **)(job.filter_end + 3);
  job.filter = p->filter;
  job.requant = p->requant;
  job.channels = p->channels;
  job.start = (int32_t)(((uint32_t)(p->min + 1) << (p->zero ? 23 : 24)) - (uint32_t)p->zero);
  job.zero = p->zero;
  job.offset_shift = p->offset_shift;
  job.range_shift = p->range_shift;
  job.max = p->max;
  job.differing = p->max ^ p->min;
  for (int32_t *word = zeros; word < job.filter_words; ++word) {
    *word = zero;
  }
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    whole = whole && rows[ky * p->dilation_height];
  }
  for (int32_t x = x0; x < x1;) {
    int32_t inside = 0; /* The pixel before lay within the map. */
    const int8_t **to = job.taps;
    job.out = (int8_t *)out + x * p->channels;
    for (int32_t i = 0; i < p->block && x < x1; ++i, ++x) {
      int32_t column = x * p->stride_width - p->left;
      int32_t now = whole && column >= 0 && column + across < p->input_width;
      if (now && inside) {
        depthwise_conv2d_s8_m0plus_next(to - 9, to, step);
      } else {
        depthwise_conv2d_s8_m0plus_pixel(p, rows, column, (const int8_t *)zeros, to);
      }
      inside = now;
      to += taps;
    }
    job.taps_end = to;
    if (taps == 9 && !p->zero) {
      depthwise_conv2d_s8_m0plus_nine(&job);
    } else {
      depthwise_conv2d_s8_m0plus_any(&job);
    }
  }
}
