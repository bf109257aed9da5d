/* Matrix product with a filter, int8, on cores with the DSP extension: [rows][I] to [rows][O]. A
 * row is widened to int16 in the scratch memory, or on the way where there is none. */
#include <stdint.h>

#include "common/dsp_column.h"
#include "common/dsp_filters.h"
#include "common/function.h"

typedef struct {
  dsp_filters filters;
  int32_t rows;
  int32_t depth;  /* I */
  int32_t outputs; /* O */
  uint8_t direct; /* 1: there is no scratch memory */
} fully_connected_s8_dsp_params;

static THIMBLE_NOINLINE void fully_connected_s8_dsp(const void *params, const void *const *inputs,
                                                    void *out, void *scratch) {
  const fully_connected_s8_dsp_params *p = (const fully_connected_s8_dsp_params *)params;
  const int8_t *row = (const int8_t *)inputs[0];
  dsp_gemm job;
  job.out[0] = (int8_t *)out;
  if (p->direct) {
    dsp_job_direct(&job, &p->filters);
  } else {
    dsp_job_one(&job, &p->filters, (const int32_t *)scratch);
  }
  for (int32_t i = 0; i < p->rows; ++i) {
    dsp_first_group(&job, &p->filters);
    dsp_begin_group(&job, &p->filters);
    if (p->direct) {
      dsp_direct_pixel(&job, &p->filters, row);
      dsp_gemm_direct(&job, 0);
    } else {
      dsp_column column;
      column.steps = (int32_t *)scratch;
      column.rest = (int16_t *)scratch + (p->depth & ~3);
      dsp_column_run(&column, row, row, p->depth, 1);
      dsp_gemm_one(&job, 0);
    }
    row += p->depth;
  }
  dsp_clamp(&p->filters, (int8_t *)out, p->rows * p->outputs);
}
