/* Convolution of each channel by itself with windows of 3 x 3, int8, on cores with the DSP
 * extension: output row [W][C] from three input rows [W][C], for C >= 4. */
#include <stdint.h>

#include "common/dsp_clamp.h"
#include "common/dsp_depthwise3.h"
#include "common/function.h"
#include "common/requantize.h"

/* The scratch memory holds the blocks of `run` output columns and a last one. */
typedef struct {
  const int8_t *filter;      /* [C][9], by the order of dsp_depthwise3.h */
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
} depthwise_conv2d_s8_dsp3_params;

/* The channels of a group one by one, as not all of them can be requantised the fast way. */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_dsp3_exact(
    const depthwise_conv2d_s8_dsp3_params *p, dsp_depthwise3_channels *channels, int32_t width) {
  dsp_depthwise3_channels one = *channels;
  int32_t zero = p->output_zero_point;
  one.count = 1;
  for (int32_t c = 0; c < channels->count; ++c) {
    int32_t multiplier = one.requantize[0];
    if (multiplier >= 0) {
      if (p->stride_width == 1) {
        dsp_depthwise3_1(&one);
      } else {
        dsp_depthwise3_2(&one);
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
        int32_t sum = thimble_requantize(one.blocks[at], exact[0], exact[1]);
        *to = (int8_t)(thimble_clamp(sum, INT8_MIN - zero, INT8_MAX - zero) + zero);
        to += p->channels;
      }
    }
    one.blocks += 3;
    ++one.out;
    one.filter += 9;
    one.requantize += 2;
  }
}

/* Moves the end before the last block, whose first words come behind it. */
static THIMBLE_INLINE void depthwise_conv2d_s8_dsp3_odd(int32_t *last) {
  for (int32_t i = 0; i < DSP_BLOCK; i += 3) {
    last[i + DSP_BLOCK] = last[i];
    last[i] = DSP_BLOCKS_END;
  }
}

/* The blocks of a run that are the same for all channels: those of columns outside of the map, and
 * the end. Sets the others' end, and whether half a pair of columns lies outside. Returns the last
 * block if each four channels have to put the end before it. */
static THIMBLE_NOINLINE int32_t *depthwise_conv2d_s8_dsp3_frame(
    const depthwise_conv2d_s8_dsp3_params *p, int32_t column, int32_t pairs, int32_t odd,
    dsp_depthwise3_columns *columns, int32_t *blocks) {
  int32_t outside = (int32_t)((uint16_t)p->input_zero_point * 0x10001u);
  int32_t before = column < 0 ? -column >> 1 : 0;
  int32_t end = (p->input_width - column) >> 1;
  int32_t *last = blocks + DSP_BLOCK * (pairs - 1);
  if (end > pairs) {
    end = pairs;
  }
  columns->left = column < 0 ? -column & 1 : 0;
  columns->right = end < pairs && column + 2 * end == p->input_width - 1;
  columns->blocks = blocks + DSP_BLOCK * before;
  columns->end = blocks + DSP_BLOCK * end;
  for (int32_t *to = blocks; to < columns->blocks; ++to) {
    *to = outside;
  }
  for (int32_t *to = columns->end + DSP_BLOCK * columns->right; to < last + DSP_BLOCK; ++to) {
    *to = outside;
  }
  for (int32_t i = 0; i < DSP_BLOCK; i += 3) {
    last[i + DSP_BLOCK] = DSP_BLOCKS_END;
  }
  if (odd && end + columns->right == pairs) {
    return last;
  }
  if (odd) {
    depthwise_conv2d_s8_dsp3_odd(last);
  }
  return 0;
}

/* Output columns [x, x + width). */
static THIMBLE_NOINLINE void depthwise_conv2d_s8_dsp3_run(const depthwise_conv2d_s8_dsp3_params *p,
                                                          const void *const *rows, int32_t x,
                                                          int32_t width, int8_t *out,
                                                          int32_t *blocks) {
  int32_t column = x * p->stride_width - p->left;
  int32_t start = (column < 0 ? -(-column & 1) : column) * p->channels;
  const int8_t *row0 = (const int8_t *)rows[0] + start;
  const int8_t *row1 = (const int8_t *)rows[p->dilation_height] + start;
  const int8_t *row2 = (const int8_t *)rows[2 * p->dilation_height] + start;
  void (*compute)(const dsp_depthwise3_channels *) = dsp_depthwise3_2;
  int32_t pairs = width + 1;
  int32_t *last;
  dsp_depthwise3_columns columns;
  dsp_depthwise3_channels channels;
  channels.odd = 0;
  if (p->stride_width == 1) {
    compute = dsp_depthwise3_1;
    pairs = (width + 3) >> 1;
    channels.odd = width & 1;
  }
  last = depthwise_conv2d_s8_dsp3_frame(p, column, pairs, channels.odd, &columns, blocks);
  columns.channels = p->channels;
  columns.outside = (int32_t)((uint8_t)p->input_zero_point * 0x01010101u);
  channels.channels = p->channels;
  channels.blocks = blocks;
  channels.count = 4;
  for (int32_t next = 0; next < p->channels; next += 4) {
    /* The last four channels may have been computed in part already. */
    int32_t c = next < p->channels - 4 ? next : p->channels - 4;
    columns.rows[0] = row0 + c;
    columns.rows[1] = row1 + c;
    columns.rows[2] = row2 + c;
    dsp_depthwise3_pack(&columns);
    if (last) {
      depthwise_conv2d_s8_dsp3_odd(last);
    }
    channels.out = out + c;
    channels.filter = p->filter + 9 * c;
    channels.requantize = p->requantize + 2 * c;
    if (p->exact) {
      depthwise_conv2d_s8_dsp3_exact(p, &channels, width);
      /* Sums may have been stored in the place of columns outside of the map. */
      last = depthwise_conv2d_s8_dsp3_frame(p, column, pairs, channels.odd, &columns, blocks);
    } else {
      compute(&channels);
    }
  }
}

static THIMBLE_NOINLINE void depthwise_conv2d_s8_dsp3(const void *params, const void *const *rows,
                                                      int32_t x0, int32_t x1, void *out,
                                                      void *scratch) {
  const depthwise_conv2d_s8_dsp3_params *p = (const depthwise_conv2d_s8_dsp3_params *)params;
  int32_t width;
  for (int32_t x = x0; x < x1; x += width) {
    int8_t *to = (int8_t *)out + x * p->channels;
    width = x1 - x < p->run ? x1 - x : p->run;
    depthwise_conv2d_s8_dsp3_run(p, rows, x, width, to, (int32_t *)scratch);
    dsp_clamp_row(to, width * p->channels, p->min, p->max);
  }
}
