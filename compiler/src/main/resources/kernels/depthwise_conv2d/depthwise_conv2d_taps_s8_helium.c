/* Convolution of each channel by itself with at most 4x4 taps, int8, with M-profile vector
 * instructions: output row [W][C] from KH input rows [W][C]. The rows are interleaved to words of
 * KH bytes, of which an output's taps take one vector. */
#include <arm_mve.h>
#include <stdint.h>

#include "common/depthwise_taps_s8_helium.h"
#include "common/function.h"

typedef struct {
  const int8_t *filter;  /* [C][KW][KH]; packed: [C][(KH * KW + 1) / 2], two taps in a byte */
  const uint8_t *places; /* for each byte of 16 the tap it takes, or 255 for a zero */
  const int32_t *scale;  /* [C][bias, multiplier, shift to the right, at most 0] */
  int32_t input_width;
  int32_t channels;      /* C */
  int32_t block;         /* how many channels are computed at a time, */
  int32_t chunk;         /* of how many pixels, a multiple of 8 or all, */
  int32_t held;          /* and how many units of eight pixels before they are stored */
  uint16_t kernel_height;
  uint16_t kernel_width;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left; /* columns of padding */
  int16_t input_zero_point;
  int16_t min; /* the bounds of the stored output */
  int16_t max;
  int16_t zero_point; /* the output's */
  uint8_t pairs;      /* whether pixels are taken two at a time */
  uint8_t plain;      /* whether THIMBLE_SCALE_PLAIN serves */
  uint8_t packed;     /* whether taps have 4 bits: of a byte first the lower half's, then the others */
} depthwise_conv2d_taps_s8_helium_params;

/* A call's pointers. */
typedef struct {
  const int8_t *rows[4];
  int8_t *filter;   /* [block][16] and four zeros */
  uint32_t *mixed;  /* the interleaved rows, [columns][block] words, and 64 bytes */
  int32_t *sums;    /* [held][block][8] */
  int32_t rows_inside;
} depthwise_taps_call;

#ifdef THIMBLE_PACKED_TAPS
/* Spreads packed taps of some channels to 16 bytes each. */
static THIMBLE_NOINLINE void depthwise_taps_unpack(const depthwise_conv2d_taps_s8_helium_params *p,
                                                   int32_t channel, int32_t channels, int8_t *to) {
  uint8_t bytes = (uint8_t)((p->kernel_height * p->kernel_width + 1) >> 1);
  const int8_t *from = p->filter + channel * bytes;
  uint8x16_t places = vldrbq_u8(p->places);
  mve_pred16_t some = vcmpneq_n_u8(places, 255);
  mve_pred16_t upper = vcmpcsq_m_n_u8(places, bytes, some);
  places = vsubq_m_n_u8(places, places, bytes, upper);
  for (; channels > 0; --channels) {
    int8x16_t both = vldrbq_gather_offset_z_s8(from, places, some);
    int8x16_t half = vshlq_n_s8(both, 4);
    vstrbq_s8(to, vshrq_n_s8(vpselq_s8(both, half, upper), 4));
    from += bytes;
    to += 16;
  }
  vstrbq_s8(to, vdupq_n_s8(0));
}
#endif

/* Spreads the taps of some channels to 16 bytes each. */
static THIMBLE_NOINLINE void depthwise_taps_spread(const depthwise_conv2d_taps_s8_helium_params *p,
                                                   int32_t channel, int32_t channels, int8_t *to) {
  int32_t taps = p->kernel_height * p->kernel_width;
  const int8_t *from = p->filter + channel * taps;
  uint8x16_t places = vldrbq_u8(p->places);
  mve_pred16_t some = vcmpneq_n_u8(places, 255);
#ifdef THIMBLE_PACKED_TAPS
  if (p->packed) {
    depthwise_taps_unpack(p, channel, channels, to);
    return;
  }
#endif
  for (; channels > 0; --channels) {
    vstrbq_s8(to, vldrbq_gather_offset_z_s8(from, places, some));
    from += taps;
    to += 16;
  }
  vstrbq_s8(to, vdupq_n_s8(0));
}

/* Interleaves so many bytes of each of three rows; the fourth byte of a word is any. */
static THIMBLE_NOINLINE void depthwise_taps_mix3(const int8_t *a, const int8_t *b, const int8_t *c,
                                               int32_t bytes, uint32_t *to) {
  int32_t vectors = bytes / 16;
  __asm__ volatile(
      "wls lr, %4, 2f\n\t"
      "1:\n\t"
      "vldrb.u8 q0, [%0], #16\n\t"
      "vldrb.u8 q1, [%1], #16\n\t"
      "vldrb.u8 q2, [%2], #16\n\t"
      "vst40.8 {q0, q1, q2, q3}, [%3]\n\t"
      "vst41.8 {q0, q1, q2, q3}, [%3]\n\t"
      "vst42.8 {q0, q1, q2, q3}, [%3]\n\t"
      "vst43.8 {q0, q1, q2, q3}, [%3]!\n\t"
      "le lr, 1b\n\t"
      "2:\n\t"
      "ands %4, %5, #15\n\t"
      "beq 3f\n\t"
      "vctp.8 %4\n\t"
      "vpsttt\n\t"
      "vldrbt.u8 q0, [%0]\n\t"
      "vldrbt.u8 q1, [%1]\n\t"
      "vldrbt.u8 q2, [%2]\n\t"
      "vst40.8 {q0, q1, q2, q3}, [%3]\n\t"
      "vst41.8 {q0, q1, q2, q3}, [%3]\n\t"
      "vst42.8 {q0, q1, q2, q3}, [%3]\n\t"
      "vst43.8 {q0, q1, q2, q3}, [%3]\n\t"
      "3:\n\t"
      : "+r"(a), "+r"(b), "+r"(c), "+r"(to), "+r"(vectors)
      : "r"(bytes)
      : "lr", "q0", "q1", "q2", "q3", "cc", "memory");
}

/* As depthwise_taps_mix3 for one to four rows, of which null ones are of zero points. */
static THIMBLE_NOINLINE void depthwise_taps_mix(const depthwise_conv2d_taps_s8_helium_params *p,
                                                const depthwise_taps_call *call, int32_t from,
                                                int32_t bytes, uint32_t *to) {
  int8x16x4_t v;
  for (int32_t ky = 0; ky < 4; ++ky) {
    v.val[ky] = vdupq_n_s8((int8_t)p->input_zero_point);
  }
  for (; bytes > 0; bytes -= 16) {
    mve_pred16_t some = vctp8q((uint32_t)bytes);
    if (call->rows[0]) {
      v.val[0] = vldrbq_z_s8(call->rows[0] + from, some);
    }
    if (call->rows[1]) {
      v.val[1] = vldrbq_z_s8(call->rows[1] + from, some);
    }
    if (call->rows[2]) {
      v.val[2] = vldrbq_z_s8(call->rows[2] + from, some);
    }
    if (call->rows[3]) {
      v.val[3] = vldrbq_z_s8(call->rows[3] + from, some);
    }
    vst4q_s8((int8_t *)to, v);
    from += 16;
    to += 16;
  }
}

/* Fills words with zero points, as the folded bias presumes outside of the map. */
static THIMBLE_INLINE uint32_t *depthwise_taps_fill(
    const depthwise_conv2d_taps_s8_helium_params *p, uint32_t *to, int32_t words) {
  int32_t left = words;
  int8x16_t value = vdupq_n_s8((int8_t)p->input_zero_point);
  for (uint32_t *at = to; left > 0; left -= 4) {
    vstrbq_s8((int8_t *)at, value);
    at += 4;
  }
  return to + words;
}

/* Interleaves columns [column, end) of some channels. The last vector may reach beyond them. */
static THIMBLE_NOINLINE void depthwise_taps_columns(
    const depthwise_conv2d_taps_s8_helium_params *p, const depthwise_taps_call *call,
    int32_t column, int32_t end, int32_t channel, int32_t channels) {
  int32_t first = column < 0 ? 0 : column;
  int32_t last = end < p->input_width ? end : p->input_width;
  int32_t together = channels == p->channels ? last - first : 1;
  uint32_t *to = call->mixed;
  if (first >= last) {
    (void)depthwise_taps_fill(p, to, (end - column) * channels);
    return;
  }
  to = depthwise_taps_fill(p, to, (first - column) * channels);
  for (; first < last; first += together) {
    int32_t from = first * p->channels + channel;
    int32_t bytes = together * channels;
    if (call->rows_inside && p->kernel_height == 3) {
      depthwise_taps_mix3(call->rows[0] + from, call->rows[1] + from, call->rows[2] + from, bytes,
                          to);
    } else {
      depthwise_taps_mix(p, call, from, bytes, to);
    }
    to += bytes;
  }
  (void)depthwise_taps_fill(p, to, (end - last) * channels);
}

/* Sums of units that begin at a pixel of the interleaved ones: of whole units, or of the first
 * `pixels` of one. */
static THIMBLE_NOINLINE void depthwise_taps_sums(const depthwise_conv2d_taps_s8_helium_params *p,
                                                 const depthwise_taps_call *call, int32_t pixel,
                                                 int32_t channels, int32_t units, int32_t pixels) {
  thimble_taps taps;
  uint32_t pitch = (uint32_t)channels * 4;
  uint32_t step = (uint32_t)p->stride_width * pitch * (p->pairs ? 2u : 1u);
  uint32_t base = (uint32_t)(uintptr_t)call->mixed - 4;
  base += (uint32_t)pixel * p->stride_width * pitch;
  for (int32_t lane = 0; lane < 4; ++lane) {
    uint32_t at = base;
    if (p->pairs) {
      at += (uint32_t)lane * pitch;
    } else if (lane < p->kernel_width) {
      at += (uint32_t)lane * p->dilation_width * pitch;
    }
    taps.address[0][lane] = at;
    taps.address[1][lane] = at + step;
    taps.address[2][lane] = at + 2 * step;
    taps.address[3][lane] = at + 3 * step;
  }
  taps.filter = call->filter;
  taps.end = call->filter + 16 * channels;
  taps.sums = call->sums;
  taps.units = units;
  taps.advance = 8u * p->stride_width * pitch - pitch;
  if (p->pairs) {
    if (pixels > 6) {
      thimble_taps_pairs4(&taps);
    } else if (pixels > 4) {
      thimble_taps_pairs3(&taps);
    } else {
      thimble_taps_pairs2(&taps);
    }
    return;
  }
  thimble_taps_singles(&taps);
  if (pixels > 4) {
    taps.sums += 4;
    for (int32_t i = 0; i < 4; ++i) {
      uint32x4_t address = vldrwq_u32(taps.address[i]);
      vstrwq_u32(taps.address[i], vaddq_n_u32(address, 4 * step));
    }
    thimble_taps_singles(&taps);
  }
}

/* Computes some channels of so many pixels, whose columns are interleaved, to their place. */
static THIMBLE_NOINLINE void depthwise_taps_pixels(const depthwise_conv2d_taps_s8_helium_params *p,
                                                   const depthwise_taps_call *call, int8_t *out,
                                                   int32_t channel, int32_t channels,
                                                   int32_t pixels) {
  thimble_taps_store store;
  int32_t units;
  uint16x8_t lanes = vidupq_n_u16(0, 1);
  lanes = vaddq_u16(vshrq_n_u16(lanes, 1),
                    vshlq_n_u16(vandq_u16(lanes, vdupq_n_u16(1)), 2));
  vstrhq_u16(store.offsets, vmulq_n_u16(lanes, (uint16_t)p->channels));
  vstrhq_s16(store.min, vdupq_n_s16(p->min));
  vstrhq_s16(store.max, vdupq_n_s16(p->max));
  store.scale = p->scale + 3 * channel;
  store.sums = call->sums;
  store.channels = channels;
  store.zero_point = p->zero_point;
  store.advance = 8 * p->channels - channels;
  for (int32_t at = 0; at < pixels; at += 8 * units) {
    int32_t left = pixels - at;
    units = left / 8 < p->held ? left / 8 : p->held;
    store.out = out + at * p->channels + channel;
    store.mask = 0xffff;
    if (units == 0) {
      units = 1;
      store.mask = vcmpcsq_n_u16(lanes, (uint16_t)left) ^ 0xffffu;
    } else {
      left = 8;
    }
    store.units = units;
    depthwise_taps_sums(p, call, at, channels, units, left);
    if (p->plain && left >= 8) {
      thimble_taps_store_plain(&store);
    } else if (p->plain) {
      thimble_taps_store_plain_some(&store);
    } else {
      thimble_taps_store_any(&store);
    }
  }
}

/* scratch is a block's filters, [block][16], and a vector, then sums, and then interleaved rows. */
static THIMBLE_NOINLINE void depthwise_conv2d_taps_s8_helium(const void *params,
                                                             const void *const *rows, int32_t x0,
                                                             int32_t x1, void *out,
                                                             void *scratch) {
  const depthwise_conv2d_taps_s8_helium_params *p =
      (const depthwise_conv2d_taps_s8_helium_params *)params;
  depthwise_taps_call call;
  int32_t span = (p->kernel_width - 1) * p->dilation_width + 1;
  call.rows_inside = 1;
  for (int32_t ky = 0; ky < 4; ++ky) {
    int32_t inside = ky < p->kernel_height;
    call.rows[ky] = inside ? (const int8_t *)rows[ky * p->dilation_height] : (const int8_t *)0;
    if (inside && !call.rows[ky]) {
      call.rows_inside = 0;
    }
  }
  call.filter = (int8_t *)scratch;
  call.sums = (int32_t *)scratch + 4 * p->block + 4;
  call.mixed = (uint32_t *)call.sums + 8 * p->held * p->block;
  if (p->block == p->channels) {
    depthwise_taps_spread(p, 0, p->channels, call.filter);
  }
  for (int32_t x = x0; x < x1; x += p->chunk) {
    int32_t pixels = x1 - x < p->chunk ? x1 - x : p->chunk;
    int32_t column = x * p->stride_width - p->left;
    int32_t end = column + (pixels - 1) * p->stride_width + span;
    for (int32_t c = 0; c < p->channels; c += p->block) {
      int32_t channels = p->channels - c < p->block ? p->channels - c : p->block;
      if (p->block < p->channels) {
        depthwise_taps_spread(p, c, channels, call.filter);
      }
      depthwise_taps_columns(p, &call, column, end, c, channels);
      depthwise_taps_pixels(p, &call, (int8_t *)out + x * p->channels, c, channels, pixels);
    }
  }
}
