/* Convolution of each channel by itself with 3x3 taps, int8, with M-profile vector instructions:
 * output row [W][C] from three input rows [W][C], 16 lanes at a time. Where C divides 16, a lane is
 * a channel of one of several adjoining pixels. */
#include <arm_mve.h>
#include <stdint.h>

#include "common/copy_s8_helium.h"
#include "common/depthwise_3x3_s8_helium.h"
#include "common/function.h"
#include "common/scale_s8_helium.h"

/* The pixels of which a block of channels is computed before the next block is: those of a unit
 * times this are read again after the first output is written. */
#define DEPTHWISE_3X3_UNITS 8

/* Filters lie in blocks of 16 channels, [9][16], the last block's being [9][C % 16]. The tables of
 * scale have 16 entries for every block, for lanes 0, 4, 8, 12, then 2, 6, 10, 14, then 1, 5, 9,
 * 13, and then 3, 7, 11, 15. */
typedef struct {
  const int8_t *filter;
  const uint8_t *threes; /* for each block whether a kernel row's products fit an int16 */
  int32_t input_width;
  int32_t channels; /* C */
  uint16_t stride_width;
  uint16_t left; /* columns of padding */
  uint16_t unit; /* pixels to a vector: 1, or 16 / C */
  int16_t input_zero_point;
  thimble_scale scale;
} depthwise_conv2d_3x3_s8_helium_params;

/* Spreads the last block's filters to vectors of 16 lanes. */
static THIMBLE_INLINE void depthwise_3x3_spread(const depthwise_conv2d_3x3_s8_helium_params *p,
                                                int8_t *to) {
  int32_t lanes = p->channels % 16;
  const int8_t *from = p->filter + 9 * (p->channels - lanes);
  mve_pred16_t some = vctp8q((uint32_t)lanes);
  for (int32_t tap = 0; tap < 9; ++tap) {
    int8x16_t w = vldrbq_z_s8(from, some);
    from += lanes;
    if (p->unit == 1) {
      vstrbq_s8(to, w);
    }
    for (int32_t i = 0; p->unit > 1 && i < 16; i += lanes) {
      vstrbq_p_s8(to + i, w, some);
    }
    to += 16;
  }
}

/* Copies the window of a unit, [3][columns][C]. A tap outside of the map sees the zero point, as
 * the folded bias presumes. */
static THIMBLE_NOINLINE void depthwise_3x3_window(const depthwise_conv2d_3x3_s8_helium_params *p,
                                                  const void *const *rows, int32_t column,
                                                  int32_t columns, int8_t *to) {
  int32_t end = column + columns;
  int32_t first = column < 0 ? 0 : column;
  int32_t last = end < p->input_width ? end : p->input_width;
  for (int32_t ky = 0; ky < 3; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky];
    if (!row || first >= last) {
      to = thimble_fill(to, (int8_t)p->input_zero_point, columns * p->channels);
    } else {
      to = thimble_fill(to, (int8_t)p->input_zero_point, (first - column) * p->channels);
      to = thimble_copy(to, row + first * p->channels, (last - first) * p->channels);
      to = thimble_fill(to, (int8_t)p->input_zero_point, (end - last) * p->channels);
    }
  }
}

/* All channels of some units: sets the rows to those of the next block as it goes. */
static THIMBLE_INLINE void depthwise_3x3_blocks(const depthwise_conv2d_3x3_s8_helium_params *p,
                                                thimble_depthwise_block *block,
                                                const int8_t *spread, int32_t pixels) {
  const uint8_t *threes = p->threes;
  const int8_t *filter = p->filter + 64;
  int32_t left = p->channels;
  int32_t at = 0;
  block->bias = p->scale.bias;
  block->multiplier = p->scale.multiplier;
  block->right = p->scale.right;
  for (; left > 0; left -= 16) {
    if (left >= 16) {
      block->filter = filter;
      block->lanes = 16;
    } else {
      block->filter = spread + 64;
      block->lanes = p->unit == 1 ? left : pixels < p->unit ? left * pixels : 16;
    }
    if (threes[at]) {
      thimble_depthwise_by_threes(block);
    } else {
      thimble_depthwise_by_twos(block);
    }
    filter += 144;
    block->rows[0] += 16;
    block->rows[1] += 16;
    block->rows[2] += 16;
    block->bias += 16;
    block->multiplier += 16;
    block->right += 16;
    block->out += 16;
    ++at;
  }
}

/* scratch is a spread filter, [9][16], then a window and 16 bytes more that its last vector reads,
 * and then, where the map is padded above or below, a row of zero points for as many pixels as are
 * computed at a time, and again 16 bytes. */
static THIMBLE_NOINLINE void depthwise_conv2d_3x3_s8_helium(const void *params,
                                                            const void *const *rows, int32_t x0,
                                                            int32_t x1, void *out,
                                                            void *scratch) {
  const depthwise_conv2d_3x3_s8_helium_params *p =
      (const depthwise_conv2d_3x3_s8_helium_params *)params;
  thimble_depthwise_block block;
  int8_t *spread = (int8_t *)scratch;
  int8_t *window = spread + 144;
  int32_t channels = p->channels;
  int32_t rest = channels % 16;
  int32_t columns = p->unit + 2;
  /* Where the last block is not whole, its vectors must not leave the row. */
  int32_t beyond = rest && p->unit == 1 ? (15 - rest + channels) / channels : 0;
  int32_t outside = !rows[0] || !rows[1] || !rows[2];
  int32_t units;
  int8_t *zeros = window + 3 * columns * channels + 16;
  if (outside) {
    int32_t pixels = DEPTHWISE_3X3_UNITS * p->unit * p->stride_width + 2;
    (void)thimble_fill(zeros, (int8_t)p->input_zero_point, pixels * channels + 16);
  }
  if (rest) {
    depthwise_3x3_spread(p, spread);
  }
  block.tap = channels;
  block.advance = (p->unit * p->stride_width - 2) * channels;
  block.out_step = p->unit * channels;
  block.zero_point = p->scale.zero_point;
  for (int32_t x = x0; x < x1; x += units * p->unit) {
    int32_t column = x * p->stride_width - p->left;
    units = 1;
    if (column < 0 || column + columns + beyond > p->input_width) {
      depthwise_3x3_window(p, rows, column, columns, window);
      block.rows[0] = window;
      block.rows[1] = window + columns * channels;
      block.rows[2] = block.rows[1] + columns * channels;
    } else {
      int32_t space = p->input_width - columns - beyond - column;
      int32_t most = (x1 - x) / p->unit;
      most = most < DEPTHWISE_3X3_UNITS ? most : DEPTHWISE_3X3_UNITS;
      units += space / (p->unit * p->stride_width);
      units = units < most ? units : most > 1 ? most : 1;
      for (int32_t ky = 0; ky < 3; ++ky) {
        block.rows[ky] = rows[ky] ? (const int8_t *)rows[ky] + column * channels : zeros;
      }
    }
    block.out = (int8_t *)out + x * channels;
    block.count = units;
    depthwise_3x3_blocks(p, &block, spread, x1 - x);
  }
}
