/* How recurrent kernels go through their frames: [T][N][I] or [N][T][I], forward or in reverse. */
#ifndef THIMBLE_RECURRENCE_H
#define THIMBLE_RECURRENCE_H

#include <stdint.h>

#include "common/function.h"

typedef struct {
  const int32_t *lengths; /* [batch], how many frames of each count; null where all do */
  int32_t batch;
  int32_t frames;
  int32_t depth; /* numbers of a frame */
  int32_t units;
  uint8_t time_major;
  uint8_t reverse;
  uint8_t last; /* 1: the output is only what the last step gives */
} thimble_recurrence;

static THIMBLE_INLINE int32_t thimble_steps(const thimble_recurrence *r, int32_t entry) {
  return r->lengths ? r->lengths[entry] : r->frames;
}

static THIMBLE_INLINE int32_t thimble_frame(const thimble_recurrence *r, int32_t entry,
                                            int32_t time) {
  return r->time_major ? time * r->batch + entry : entry * r->frames + time;
}

/* Which frame a batch entry's step reads, among all frames of all entries. */
static THIMBLE_INLINE int32_t thimble_step_frame(const thimble_recurrence *r, int32_t entry,
                                                 int32_t step) {
  int32_t time = r->reverse ? thimble_steps(r, entry) - 1 - step : step;
  return thimble_frame(r, entry, time);
}

/* Which row of the output a step writes. */
static THIMBLE_INLINE int32_t thimble_step_row(const thimble_recurrence *r, int32_t entry,
                                               int32_t step) {
  return r->last ? entry : thimble_step_frame(r, entry, step);
}

#endif
