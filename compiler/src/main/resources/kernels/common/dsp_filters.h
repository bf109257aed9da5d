/* What kernels by dsp_gemm.h know of their filters, and the job that they make of it. */
#ifndef THIMBLE_DSP_FILTERS_H
#define THIMBLE_DSP_FILTERS_H

#include <stdint.h>

#include "common/dsp_gemm.h"
#include "common/dsp_gemm_one.h"
#include "common/dsp_gemm_pair.h"
#include "common/function.h"

typedef struct {
  const int32_t *filter;     /* of each group, quads and then single channels: dsp_gemm.h */
  const int32_t *requantize; /* likewise */
  int32_t steps;             /* of two elements of a filter, of which one more may follow */
  uint16_t quads;            /* of a group */
  uint16_t singles;          /* of a group; with DSP_MENDED plus 4 * the words that mend quads */
  uint8_t flags;             /* of dsp_gemm */
  int8_t min;                /* the bounds of the activation */
  int8_t max;
  int8_t output_zero_point;
#ifdef THIMBLE_BIAS_FRACTIONS
  uint8_t fraction; /* DSP_FRACTION where outputs are exact and biases have fractions, else 0 */
#endif
} dsp_filters;

/* The flags of a job. */
static THIMBLE_INLINE uint32_t dsp_flags(const dsp_filters *f) {
#ifdef THIMBLE_BIAS_FRACTIONS
  return (uint32_t)(f->flags | f->fraction);
#else
  return f->flags;
#endif
}

/* The loop's code that a first turn of this many of the `turn` repetitions leaves out, plus 1. */
static THIMBLE_INLINE uint32_t dsp_skip(int32_t repetitions, int32_t turn, int32_t bytes) {
  return (uint32_t)((turn - (repetitions & (turn - 1))) * bytes + 1);
}

/* The words of a quad's filter, without those that mend it. */
static THIMBLE_INLINE int32_t dsp_quad_words(const dsp_filters *f) {
  return 2 * f->steps + (f->flags & DSP_ODD);
}

/* The single channels of a group. */
static THIMBLE_INLINE int32_t dsp_singles(const dsp_filters *f) {
#ifdef THIMBLE_DSP_MEND
  if (f->flags & DSP_MENDED) {
    return f->singles & 3;
  }
#endif
  return f->singles;
}

/* The first group of a job; the columns' fields are the caller's. */
static THIMBLE_INLINE void dsp_first_group(dsp_gemm *job, const dsp_filters *f) {
  job->filter = f->filter;
  job->requantize = f->requantize;
}

/* What a job on the group that its pointers have come to starts with. */
static THIMBLE_INLINE void dsp_begin_group(dsp_gemm *job, const dsp_filters *f) {
  job->quads_end = job->filter + f->quads * dsp_quad_words(f);
#ifdef THIMBLE_DSP_MEND
  if (f->flags & DSP_MENDED) {
    job->quads_end += f->singles >> 2;
  }
#endif
  job->singles = dsp_singles(f);
}

/* The job's fields for columns of two pixels. */
static THIMBLE_INLINE void dsp_job_pairs(dsp_pairs *job, const dsp_filters *f,
                                         const int32_t *column) {
  int32_t words = f->steps + (f->flags & DSP_ODD);
  job->gemm.column = column;
  job->gemm.end = column + 2 * f->steps;
  job->gemm.single_end = column + 4 * ((words + 1) >> 1);
  job->gemm.base = 2 * f->output_zero_point + 1;
  job->gemm.entry = dsp_skip(f->steps - 1, DSP_PAIR_STEPS, DSP_PAIR_STEP_BYTES);
  job->gemm.after = dsp_flags(f) & (DSP_ODD | DSP_EXACT | DSP_FRACTION | DSP_MENDED);
  job->singles = dsp_singles(f);
  dsp_gemm_pairs(job, 1);
}

/* The job's fields for columns of one pixel. */
static THIMBLE_INLINE void dsp_job_one(dsp_gemm *job, const dsp_filters *f,
                                       const int32_t *column) {
  int32_t words = f->steps + (f->flags & DSP_ODD);
  job->column = column;
  job->end = column + (f->steps & ~1);
  job->single_end = column + 2 * ((words + 1) >> 1);
  job->base = 2 * f->output_zero_point + 1;
  job->entry = dsp_skip(f->steps >> 1, DSP_ONE_TIMES, DSP_ONE_BYTES);
  job->after = dsp_flags(f);
  dsp_gemm_one(job, 1);
}

/* The job's fields for a pixel of int8 elements, whose addresses advance by bytes. */
static THIMBLE_INLINE void dsp_job_direct(dsp_gemm *job, const dsp_filters *f) {
  job->base = 2 * f->output_zero_point + 1;
  job->entry = dsp_skip(f->steps >> 1, DSP_ONE_TIMES, DSP_DIRECT_BYTES);
  job->after = dsp_flags(f);
  dsp_gemm_direct(job, 1);
}

/* The pixel that the next job is for. */
static THIMBLE_INLINE void dsp_direct_pixel(dsp_gemm *job, const dsp_filters *f,
                                            const int8_t *pixel) {
  job->column = (const int32_t *)(const void *)pixel;
  job->end = (const int32_t *)(const void *)(pixel + 2 * (f->steps & ~1));
  job->single_end = job->end;
}

/* Keeps outputs within the activation's bounds where those are not the type's. */
static THIMBLE_INLINE void dsp_clamp(const dsp_filters *f, int8_t *out, int32_t count) {
  if (f->min > INT8_MIN || f->max < INT8_MAX) {
    for (int8_t *end = out + count; out < end; ++out) {
      int8_t value = *out < f->min ? f->min : *out;
      *out = value > f->max ? f->max : value;
    }
  }
}

#endif
