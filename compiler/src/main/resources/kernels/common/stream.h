/* Runs nodes row by row, in an order fixed at compile time, so that only a few rows of each map
 * between them exist at any time. */
#ifndef THIMBLE_STREAM_H
#define THIMBLE_STREAM_H

#include <stdint.h>

#include "common/function.h"
#include "common/rows.h"

/* The most stages that any stream of the program has. */
#ifndef THIMBLE_MAX_STAGES
#define THIMBLE_MAX_STAGES 32
#endif

/* Stands in an order for the arrival of the next row of the network's input. */
#define THIMBLE_RECEIVE 255

/* A number of turns done; a program for whose streams 8 bits hold them all defines
 * THIMBLE_TINY_PROGRESS. */
#ifdef THIMBLE_TINY_PROGRESS
#define THIMBLE_PROGRESS uint8_t
#else
#define THIMBLE_PROGRESS THIMBLE_ROWS
#endif

/* Takes turns [y0, y1) of a node: a turn of a tile makes output row y, one of a reduction reads
 * input row y. */
typedef void (*thimble_stage)(THIMBLE_MEMORY arena, int32_t y0, int32_t y1);

/* Turns [begin, end) of an order, all of them `times` times. */
typedef struct {
  THIMBLE_ROWS begin;
  THIMBLE_ROWS end;
  THIMBLE_ROWS times;
} thimble_phase;

typedef struct {
  const thimble_stage *stages;
  const uint8_t *order; /* for each turn its stage, or THIMBLE_RECEIVE */
  const thimble_phase *phases;
  THIMBLE_ROWS phase_count;
} thimble_stream;

/* What a stream has done: the phase that it is in, how often that was completed, how many of its
 * turns are done, and then for each stage its turns; all zero before the first turn. */
enum { THIMBLE_PHASE, THIMBLE_TIMES, THIMBLE_TURN, THIMBLE_DONE };

/* Takes turns until a row of the input must be there, which gives 1, or all turns are taken. */
static THIMBLE_NOINLINE int32_t thimble_stream_run(const thimble_stream *stream,
                                                   THIMBLE_PROGRESS *progress,
                                                   THIMBLE_MEMORY arena) {
  for (; progress[THIMBLE_PHASE] < stream->phase_count; ++progress[THIMBLE_PHASE]) {
    const thimble_phase *phase = &stream->phases[progress[THIMBLE_PHASE]];
    for (; progress[THIMBLE_TIMES] < phase->times; ++progress[THIMBLE_TIMES]) {
      while (phase->begin + progress[THIMBLE_TURN] < phase->end) {
        int32_t stage = stream->order[phase->begin + progress[THIMBLE_TURN]++];
        if (stage == THIMBLE_RECEIVE) {
          return 1;
        }
        int32_t y = (int32_t)progress[THIMBLE_DONE + stage]++;
        stream->stages[stage](arena, y, y + 1);
      }
      progress[THIMBLE_TURN] = 0;
    }
    progress[THIMBLE_TIMES] = 0;
  }
  return 0;
}

/* Runs a stream that waits for nothing. */
static THIMBLE_INLINE void thimble_stream_all(const thimble_stream *stream,
                                              THIMBLE_MEMORY arena) {
  THIMBLE_PROGRESS progress[THIMBLE_DONE + THIMBLE_MAX_STAGES] = {0};
  (void)thimble_stream_run(stream, progress, arena);
}

#endif
