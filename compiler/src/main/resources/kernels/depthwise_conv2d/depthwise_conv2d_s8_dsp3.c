/* Convolution of each channel by itself with windows of 3 x 3, int8, on cores with the DSP
 * extension: output row [W][C] from three input rows [W][C], for C >= 4. */
#include <stdint.h>

#include "common/bias_fraction.h"
#include "common/dsp_clamp.h"
#include "common/dsp_depthwise3.h"
#include "common/function.h"
#include "common/requantize.h"

/* The scratch memory holds the blocks of `run` output columns and a last one; with weights of 4 bits,
 * before them, those of `few` times four channels. Such weights, of each four channels in turn, lie in the halves
 * of the bytes of five words, the first four of a word's eight in the lower halves; they are multiplied
 * by 16, and so is what the sums start with. */
typedef struct {
  const void *filter;        /* int8 [C][9], by the order of dsp_depthwise3.h, or packed words */
  const int32_t *requantize; /* [C][2] */
  const int32_t *exact;      /* of each channel whose multiplier is -1 - i: multiplier i and shift */
  int32_t input_width;
  int32_t channels;
  int32_t run; /* the output columns that are computed of four channels before the next four */
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t left; /* columns of padding */
  int8_t min;    /* the bounds of the activation */
  int8_t max;
  int8_t input_zero_point;
  int8_t output_zero_point;
  uint8_t few; /* 0, or with weights of 4 bits how many groups' are unpacked at a time; then `exact`
                   is null */
#ifdef THIMBLE_BIAS_FRACTIONS
  const uint8_t *fraction; /* of the biases of the channels in `exact`, in units of 2^-8, or null */
#endif
} depthwise_conv2d_s8_dsp3_params;

#ifdef THIMBLE_PACKED_DEPTHWISE
/* Unpacks the weights of so many groups of four channels. */
static THIMBLE_NAKED void depthwise_conv2d_s8_dsp3_unpack(
    const int32_t *from __attribute__((unused)), int32_t *to __attribute__((unused)),
    int32_t groups __attribute__((unused))) {
  __asm__(
      "push {r4-r10, lr}\n"
      "mov r10, #0xF0F0F0F0\n"
      "1:\n"
      "ldmia r0!, {r3-r6, r12}\n"
      "and r7, r10, r3, lsl #4\n"
      "and r8, r3, r10\n"
      "and r9, r10, r4, lsl #4\n"
      "and lr, r4, r10\n"
      "stmia r1!, {r7-r9, lr}\n"
      "and r7, r10, r5, lsl #4\n"
      "and r8, r5, r10\n"
      "and r9, r10, r6, lsl #4\n"
      "and lr, r10, r12, lsl #4\n"
      "and r12, r6, r10\n"
      "subs r2, r2, #1\n"
      "stmia r1!, {r7-r9}\n"
      "stmia r1!, {r12, lr}\n"
      "bne 1b\n"
      "pop {r4-r10, pc}\n");
}
#endif

/* The channels of a group one by one, as not all of them can be requantised the fast way. */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_dsp3_exact(
    const depthwise_conv2d_s8_dsp3_params *p, const dsp_depthwise3 *group, int32_t width) {
  dsp_depthwise3 one = *group;
  int32_t zero = p->output_zero_point;
  dsp_depthwise3_pack(group);
  one.count = 1;
  for (int32_t c = 0; c < 4; ++c) {
    int32_t multiplier = one.requantize[0];
    if (multiplier >= 0) {
      if (p->stride_width == 1) {
        dsp_depthwise3_1_packed(&one);
      } else {
        dsp_depthwise3_2_packed(&one);
      }
    } else {
      const int32_t *exact = p->exact - 2 * (multiplier + 1);
      int8_t *to = one.out;
      if (p->stride_width == 1) {
        dsp_depthwise3_1_sums(&one);
      } else {
        dsp_depthwise3_2_sums(&one);
      }
      for (int32_t i = 0; i < width; ++i) {
        int32_t at = p->stride_width == 1 ? (i >> 1) * DSP_BLOCK + (i & 1) : i * DSP_BLOCK;
        int32_t sum = thimble_requantize_bias(
            one.first[at], THIMBLE_FRACTION(p, -1 - multiplier), exact[0], exact[1]);
        *to = (int8_t)(thimble_clamp(sum, INT8_MIN - zero, INT8_MAX - zero) + zero);
        to += p->channels;
      }
    }
    one.first += 3;
    ++one.out;
    one.filter += 9;
    one.requantize += 2;
  }
}

/* Whether a channel of a group has no fast way of requantisation. */
static THIMBLE_INLINE int depthwise_conv2d_s8_dsp3_is_exact(
    const depthwise_conv2d_s8_dsp3_params *p, const dsp_depthwise3 *group) {
  const int32_t *multipliers = group->requantize;
  return p->exact && (multipliers[0] | multipliers[2] | multipliers[4] | multipliers[6]) < 0;
}

/* Moves the end before the last block, whose first words come behind it. */
static THIMBLE_INLINE void depthwise_conv2d_s8_dsp3_odd(int32_t *last) {
  for (int32_t i = 0; i < DSP_BLOCK; i += 3) {
    last[i + DSP_BLOCK] = last[i];
    last[i] = DSP_BLOCKS_END;
  }
}

/* The blocks of a run that are the same for all channels: those of columns outside of the map, and
 * the end. Sets the others, and whether half a pair of columns lies outside. */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_dsp3_frame(
    const depthwise_conv2d_s8_dsp3_params *p, int32_t column, int32_t pairs, dsp_depthwise3 *job,
    int32_t *blocks) {
  int32_t outside = (int32_t)((uint16_t)p->input_zero_point * 0x10001u);
  int32_t before = column < 0 ? -column >> 1 : 0;
  int32_t end = (p->input_width - column) >> 1;
  int32_t *last = blocks + DSP_BLOCK * (pairs - 1);
  if (end > pairs) {
    end = pairs;
  }
  job->left = column < 0 ? -column & 1 : 0;
  job->right = end < pairs && column + 2 * end == p->input_width - 1;
  job->blocks = blocks + DSP_BLOCK * before;
  job->end = blocks + DSP_BLOCK * end;
  for (int32_t *to = blocks; to < job->blocks; ++to) {
    *to = outside;
  }
  for (int32_t *to = job->end + DSP_BLOCK * job->right; to < last + DSP_BLOCK; ++to) {
    *to = outside;
  }
  for (int32_t i = 0; i < DSP_BLOCK; i += 3) {
    last[i + DSP_BLOCK] = DSP_BLOCKS_END;
  }
  job->last = job->odd && end + job->right == pairs ? last : 0;
  if (job->odd && !job->last) {
    depthwise_conv2d_s8_dsp3_odd(last);
  }
}

/* Sets the first channel of a group. */
static THIMBLE_INLINE void depthwise_conv2d_s8_dsp3_group(const depthwise_conv2d_s8_dsp3_params *p,
                                                          const int8_t *const *rows, int32_t c,
                                                          int8_t *out, dsp_depthwise3 *job) {
  for (int32_t i = 0; i < 3; ++i) {
    job->rows[i] = rows[i] + c;
  }
  job->out = out + c;
  job->filter = (const int8_t *)p->filter + 9 * c;
  job->requantize = p->requantize + 2 * c;
}

/* Output columns [x, x + width). */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_dsp3_run(const depthwise_conv2d_s8_dsp3_params *p,
                                                          const void *const *inputs, int32_t x,
                                                          int32_t width, int8_t *out,
                                                          int32_t *blocks) {
  int32_t column = x * p->stride_width - p->left;
  int32_t start = (column < 0 ? -(-column & 1) : column) * p->channels;
  void (*compute)(const dsp_depthwise3 *) = dsp_depthwise3_2;
  int32_t pairs = width + 1;
  const int8_t *rows[3];
  dsp_depthwise3 job;
  for (int32_t i = 0; i < 3; ++i) {
    rows[i] = (const int8_t *)inputs[i * p->dilation_height] + start;
  }
  job.odd = 0;
  if (p->stride_width == 1) {
    compute = dsp_depthwise3_1;
    pairs = (width + 3) >> 1;
    job.odd = width & 1;
  }
  job.column_step = p->channels;
  job.out_step = p->channels;
  job.outside = (int32_t)((uint8_t)p->input_zero_point * 0x01010101u);
  job.first = blocks;
  depthwise_conv2d_s8_dsp3_frame(p, column, pairs, &job, blocks);
  job.groups = p->exact ? 1 : p->channels >> 2;
  for (int32_t next = 0; next < p->channels; next += 4 * job.groups) {
    /* The last four channels may have been computed in part already. */
    int32_t c = next < p->channels - 4 ? next : p->channels - 4;
    job.groups = next == 0 ? job.groups : 1;
    depthwise_conv2d_s8_dsp3_group(p, rows, c, out, &job);
#ifdef THIMBLE_PACKED_DEPTHWISE
    if (p->few) {
      int32_t left = (p->channels - next) >> 2;
      int32_t *filter = blocks - 9 * p->few;
      job.groups = left < p->few ? (left > 0 ? left : 1) : p->few;
      depthwise_conv2d_s8_dsp3_unpack((const int32_t *)p->filter + 5 * (next >> 2), filter,
                                      job.groups);
      job.filter = (const int8_t *)filter;
    }
#endif
    if (depthwise_conv2d_s8_dsp3_is_exact(p, &job)) {
      depthwise_conv2d_s8_dsp3_exact(p, &job, width);
      /* Sums may have been stored in the place of columns outside of the map. */
      depthwise_conv2d_s8_dsp3_frame(p, column, pairs, &job, blocks);
    } else {
      compute(&job);
    }
  }
}

static THIMBLE_NOINLINE void depthwise_conv2d_s8_dsp3(const void *params, const void *const *rows,
                                                      int32_t x0, int32_t x1, void *out,
                                                      void *scratch) {
  const depthwise_conv2d_s8_dsp3_params *p = (const depthwise_conv2d_s8_dsp3_params *)params;
  int32_t *blocks = (int32_t *)scratch;
  int32_t width;
#ifdef THIMBLE_PACKED_DEPTHWISE
  blocks += 9 * p->few;
#endif
  for (int32_t x = x0; x < x1; x += width) {
    int8_t *to = (int8_t *)out + x * p->channels;
    width = x1 - x < p->run ? x1 - x : p->run;
    depthwise_conv2d_s8_dsp3_run(p, rows, x, width, to, blocks);
    dsp_clamp_row(to, width * p->channels, p->min, p->max);
  }
}
