/* Elementwise sum of maps of one shape, int8, on cores with the DSP extension: output row [W][C]
 * from a row of each operand. The compiler has proved for every pair of elements that a linear
 * function is the reference's sum. */
#include <stdint.h>

#include "common/dsp_clamp.h"
#include "common/dsp_requantize.h"
#include "common/function.h"
#include "common/requantize.h"

typedef struct {
  int32_t channels; /* C */
  int32_t first;    /* of 256 times an element, in units of 2^-32 */
  int32_t second;
  int32_t start; /* in units of 2^-16 */
  int8_t min;    /* the bounds of the activation */
  int8_t max;
} add_s8_dsp_params;

/* What add_s8_dsp_fours works on, by order. */
typedef struct {
  const int8_t *a;
  const int8_t *b;
  int8_t *to;
  int8_t *end;
  int32_t first;
  int32_t second;
  int32_t start;
  int32_t odd; /* whether the fours are odd in number */
} add_s8_dsp_job;

#define ADD_S8_DSP_FOUR \
  "ldr r8, [r0], #4\n" \
  "ldr r9, [r1], #4\n" \
  "and r10, r7, r8, lsl #8\n" \
  "and r11, r7, r9, lsl #8\n" \
  "and r8, r8, r7\n" \
  "and r9, r9, r7\n" \
  "smlawb r12, r4, r10, r6\n" \
  "smlawt lr, r4, r10, r6\n" \
  "smlawb r12, r5, r11, r12\n" \
  "smlawt lr, r5, r11, lr\n" \
  "pkhtb r10, lr, r12, asr #16\n" \
  "smlawb r12, r4, r8, r6\n" \
  "smlawt lr, r4, r8, r6\n" \
  "smlawb r12, r5, r9, r12\n" \
  "smlawt lr, r5, r9, lr\n" \
  "pkhtb r11, lr, r12, asr #16\n" \
  "usat16 r10, #8, r10\n" \
  "usat16 r11, #8, r11\n" \
  "orr r10, r10, r11, lsl #8\n" \
  "eor r10, r10, #0x80808080\n" \
  "str r10, [r2], #4\n"

/* Sums four elements at a time. Elements become the high bytes of halfwords, and sums, 128 too
 * large, the bytes of a word. */
static THIMBLE_NAKED void add_s8_dsp_fours(const add_s8_dsp_job *job __attribute__((unused))) {
  __asm__(
      "push {r4-r11, lr}\n"
      "ldmia r0, {r0-r7}\n"
      "cmp r7, #0\n"
      "mov r7, #0xff00ff00\n"
      "beq 2f\n"
      "b 3f\n"
      "1:\n"
      ADD_S8_DSP_FOUR
      "3:\n"
      ADD_S8_DSP_FOUR
      "2:\n"
      "cmp r2, r3\n"
      "bne 1b\n"
      "pop {r4-r11, pc}\n");
}

static THIMBLE_NOINLINE void add_s8_dsp(const void *params, const void *const *rows, int32_t x0,
                                        int32_t x1, void *out, void *scratch) {
  const add_s8_dsp_params *p = (const add_s8_dsp_params *)params;
  int32_t count = (x1 - x0) * p->channels;
  int8_t *to = (int8_t *)out + x0 * p->channels;
  add_s8_dsp_job job;
  (void)scratch;
  job.a = (const int8_t *)rows[0] + x0 * p->channels;
  job.b = (const int8_t *)rows[1] + x0 * p->channels;
  job.to = to;
  job.end = to + (count & ~3);
  job.first = p->first;
  job.second = p->second;
  job.start = p->start + 128 * 65536;
  job.odd = count & 4;
  add_s8_dsp_fours(&job);
  for (int32_t i = count & ~3; i < count; ++i) {
    int32_t first = (int32_t)((int64_t)p->first * (job.a[i] * 256) >> 16);
    int32_t second = (int32_t)((int64_t)p->second * (job.b[i] * 256) >> 16);
    to[i] = (int8_t)thimble_clamp((p->start + first + second) >> 16, INT8_MIN, INT8_MAX);
  }
  dsp_clamp_row(to, count, p->min, p->max);
}
