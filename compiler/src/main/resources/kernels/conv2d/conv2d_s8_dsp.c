/* Convolution, int8, on cores with the DSP extension: output row [W][O] from KH input rows [W][C].
 * The windows of two pixels at a time become columns of int16 elements in the scratch memory. */
#include <stdint.h>
#include <string.h>

#include "common/dsp_column.h"
#include "common/dsp_filters.h"
#include "common/function.h"

/* A window consists of runs of elements that adjoin in the input: a kernel row, or a tap of it
 * where taps do not adjoin. The scratch memory begins with the columns; behind those there is room,
 * where a window may reach beyond the map, for the part of a row that the pixels need, and for a run
 * of zero points. */
typedef struct {
  dsp_filters filters;
  int32_t input_width;
  int32_t channels;      /* C, of an input pixel */
  int32_t depth;         /* of a group */
  int32_t group_filters; /* O / groups */
  int32_t run;           /* elements of a run */
  uint16_t runs;         /* of a kernel row */
  uint16_t run_width;    /* columns of the map from a run's first to its end */
  uint16_t groups;
  uint16_t kernel_height;
  uint16_t stride_width;
  uint16_t dilation_height;
  uint16_t dilation_width;
  uint16_t left;       /* columns of padding */
  uint16_t rest;       /* words of a pixel's column before those for what is left of runs */
  uint16_t words;      /* of a pixel's column */
  uint16_t edge;       /* bytes of room for parts of a row that reach beyond the map */
  uint8_t pixels;      /* that are computed at a time: 1 or 2; 0: one whose column is not made */
  uint8_t gathered;    /* whether such a pixel's window is copied to the scratch memory */
  int8_t input_zero_point;
} conv2d_s8_dsp_params;

/* A run, from this column on: in the row, or in the buffer if some of it lies outside of the map,
 * where elements are the zero point. */
static THIMBLE_NOINLINE const int8_t *conv2d_s8_dsp_part(const conv2d_s8_dsp_params *p,
                                                         const int8_t *row, int32_t column,
                                                         int8_t *buffer) {
  int32_t zero = (uint8_t)p->input_zero_point * 0x01010101;
  int32_t before = column < 0 ? -column : 0;
  int32_t within = p->input_width - column;
  int32_t start = p->run;
  int8_t *to = buffer;
  if (before == 0 && within >= p->run_width && row) {
    return row + column * p->channels;
  }
  within = within < p->run_width ? within : p->run_width;
  if (row && before < within) {
    start = before * p->depth;
  }
  to = dsp_copy(to, (const int8_t *)&zero, 0, start);
  if (start < p->run) {
    /* Runs of several columns are of all channels. */
    int32_t copied = (within - before) * p->depth;
    to = dsp_copy(to, row + (column + before) * p->channels, 1, copied);
    start += copied;
  }
  dsp_copy(to, (const int8_t *)&zero, 0, p->run - start);
  return buffer;
}

/* The columns of a group of output pixel x, and where pixels is 2 of the next, run by run. */
static THIMBLE_NOINLINE void conv2d_s8_dsp_columns(const conv2d_s8_dsp_params *p,
                                                   const void *const *rows, int32_t x,
                                                   int32_t group, int32_t pixels,
                                                   int32_t *scratch) {
  int8_t *buffer = (int8_t *)(scratch + p->pixels * p->words);
  dsp_column column;
  column.steps = scratch;
  column.rest = (int16_t *)(scratch + pixels * p->rest);
  column.rest_count = 0;
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    int32_t at = x * p->stride_width - p->left;
    if (row) {
      row += group * p->depth;
    }
    for (int32_t i = 0; i < p->runs; ++i) {
      const int8_t *first = conv2d_s8_dsp_part(p, row, at, buffer);
      const int8_t *second = first;
      if (pixels == 2) {
        second = conv2d_s8_dsp_part(p, row, at + p->stride_width, buffer + p->run);
      }
      dsp_column_run(&column, first, second, p->run, pixels);
      at += p->dilation_width;
    }
  }
}

/* The runs of a window one after the other: half the memory that a column takes. */
static THIMBLE_NOINLINE void conv2d_s8_dsp_gather(const conv2d_s8_dsp_params *p,
                                                  const void *const *rows, int32_t x,
                                                  int32_t group, int8_t *to) {
  for (int32_t ky = 0; ky < p->kernel_height; ++ky) {
    const int8_t *row = (const int8_t *)rows[ky * p->dilation_height];
    int32_t at = x * p->stride_width - p->left;
    if (row) {
      row += group * p->depth;
    }
    for (int32_t i = 0; i < p->runs; ++i) {
      const int8_t *from = conv2d_s8_dsp_part(p, row, at, to);
      if (from != to) {
        dsp_copy(to, from, 1, p->run);
      }
      to += p->run;
      at += p->dilation_width;
    }
  }
}

/* The job's fields that are the same for all pairs, and a run of zero points if a row lies outside
 * of the map. */
static THIMBLE_INLINE void conv2d_s8_dsp_job(const conv2d_s8_dsp_params *p, dsp_pairs *job,
                                             const void *const *rows, int32_t *scratch) {
  int8_t *outside = (int8_t *)(scratch + 2 * p->words);
  job->rest = scratch + 2 * p->rest;
  job->row_step = p->dilation_height * (int32_t)sizeof rows[0];
  job->pixel_step = p->stride_width * p->channels;
  job->fours = p->run >> 2;
  job->left = p->run & 3;
  job->rows = rows;
  job->end = rows + (p->runs > 1 ? 0 : p->kernel_height * p->dilation_height);
  job->offset_step = p->groups > 1 ? p->depth : 2 * job->pixel_step;
  job->out_step = p->groups > 1 ? 0 : p->group_filters;
  for (const void *const *row = rows; row < job->end; row += p->dilation_height) {
    if (!*row) {
      outside += p->edge;
      memset(outside, p->input_zero_point, (uint32_t)p->run);
      break;
    }
  }
  job->outside = outside;
}

/* Makes the parts of rows that a pair at this column needs, of which some lie outside of the map. */
static THIMBLE_INLINE void conv2d_s8_dsp_edge(const conv2d_s8_dsp_params *p, dsp_pairs *job,
                                              int32_t column, int32_t group, int8_t *buffer) {
  int32_t bytes = job->pixel_step + p->run;
  int32_t width = p->stride_width + p->run_width;
  int32_t before = column < 0 ? -column : 0;
  int32_t within = p->input_width - column < width ? p->input_width - column : width;
  int32_t start = before < within ? before * p->channels : 0;
  /* The last column is of one group's channels. */
  int32_t copied = before < within ? within * p->channels - start : 0;
  if (start + copied > bytes) {
    copied = bytes - start;
  }
  memset(buffer, p->input_zero_point, (uint32_t)bytes);
  job->edge = buffer;
  job->edge_at = buffer + start;
  job->edge_bytes = copied;
  job->offset = (column + before) * p->channels + group * p->depth;
}

/* Pixels x and x + 1, group by group. */
static THIMBLE_NOINLINE void conv2d_s8_dsp_pair(const conv2d_s8_dsp_params *p, dsp_pairs *job,
                                                const void *const *rows, int32_t x, int inside,
                                                int32_t *scratch) {
  int32_t column = x * p->stride_width - p->left;
  job->offset = column * p->channels;
  job->edge = 0;
  for (int32_t group = 0; group < p->groups; ++group) {
    if (p->runs > 1) {
      conv2d_s8_dsp_columns(p, rows, x, group, 2, scratch);
    } else if (!inside) {
      conv2d_s8_dsp_edge(p, job, column, group, (int8_t *)(scratch + 2 * p->words));
    }
    dsp_begin_group(&job->gemm, &p->filters);
    job->pairs = 1;
    dsp_gemm_pairs(job, 0);
  }
}

/* Pixels [x, x1) in pairs; returns the first that is left. */
static THIMBLE_INLINE int32_t conv2d_s8_dsp_pairs(const conv2d_s8_dsp_params *p,
                                                  const void *const *rows, int32_t x, int32_t x1,
                                                  int8_t *out, int32_t *scratch) {
  int32_t filters = p->groups * p->group_filters;
  int32_t last = p->input_width - p->run_width - p->stride_width;
  dsp_pairs job;
  dsp_job_pairs(&job, &p->filters, scratch);
  conv2d_s8_dsp_job(p, &job, rows, scratch);
  while (x + 1 < x1) {
    int32_t column = x * p->stride_width - p->left;
    int32_t pairs = (x1 - x) >> 1;
    int inside = column >= 0 && column <= last;
    job.gemm.filter = p->filters.filter;
    job.requantize = p->filters.requantize;
    job.gemm.out[0] = out + x * filters;
    job.gemm.out[1] = job.gemm.out[0] + filters;
    if (inside && p->runs == 1 && p->groups == 1) {
      int32_t room = (last - column) / (2 * p->stride_width) + 1;
      pairs = pairs < room ? pairs : room;
      job.offset = column * p->channels;
      job.edge = 0;
      job.pairs = pairs;
      dsp_begin_group(&job.gemm, &p->filters);
      dsp_gemm_pairs(&job, 0);
    } else {
      pairs = 1;
      conv2d_s8_dsp_pair(p, &job, rows, x, inside, scratch);
    }
    x += 2 * pairs;
  }
  return x;
}

/* Pixels [x, x1), one by one. */
static THIMBLE_INLINE void conv2d_s8_dsp_ones(const conv2d_s8_dsp_params *p,
                                              const void *const *rows, int32_t x, int32_t x1,
                                              int8_t *out, int32_t *scratch) {
  int32_t filters = p->groups * p->group_filters;
  dsp_gemm job;
  if (p->pixels > 0) {
    dsp_job_one(&job, &p->filters, scratch);
  } else {
    dsp_job_direct(&job, &p->filters);
  }
  job.out[0] = out + x * filters;
  for (; x < x1; ++x) {
    dsp_first_group(&job, &p->filters);
    for (int32_t group = 0; group < p->groups; ++group) {
      dsp_begin_group(&job, &p->filters);
      if (p->pixels > 0) {
        conv2d_s8_dsp_columns(p, rows, x, group, 1, scratch);
        dsp_gemm_one(&job, 0);
      } else {
        const int8_t *pixel = (const int8_t *)scratch;
        if (p->gathered) {
          conv2d_s8_dsp_gather(p, rows, x, group, (int8_t *)scratch);
        } else {
          pixel = (const int8_t *)rows[0] + x * p->stride_width * p->channels + group * p->depth;
        }
        dsp_direct_pixel(&job, &p->filters, pixel);
        dsp_gemm_direct(&job, 0);
      }
    }
  }
}

static THIMBLE_NOINLINE void conv2d_s8_dsp(const void *params, const void *const *rows, int32_t x0,
                                           int32_t x1, void *out, void *scratch) {
  const conv2d_s8_dsp_params *p = (const conv2d_s8_dsp_params *)params;
  int32_t x = x0;
  int32_t filters = p->groups * p->group_filters;
  if (p->pixels == 2 && x1 - x0 > 1) {
    x = conv2d_s8_dsp_pairs(p, rows, x0, x1, (int8_t *)out, (int32_t *)scratch);
  }
  if (x < x1) {
    conv2d_s8_dsp_ones(p, rows, x, x1, (int8_t *)out, (int32_t *)scratch);
  }
  dsp_clamp(&p->filters, (int8_t *)out + x0 * filters, (x1 - x0) * filters);
}
