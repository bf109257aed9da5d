/* Runs a chain of tile kernels row by row, so that only a few rows of each map between them exist
 * at any time. */
#ifndef THIMBLE_STREAM_H
#define THIMBLE_STREAM_H

#include <stdint.h>

#include "common/function.h"
#include "common/tile.h"

/* The most stages that any stream of the program has. */
#ifndef THIMBLE_MAX_STAGES
#define THIMBLE_MAX_STAGES 32
#endif

/* One node of a chain: it reads, as one of its operands, what the stage before it writes. */
typedef struct {
  void (*node)(uint8_t *arena, int32_t y0, int32_t y1); /* computes output rows [y0, y1) */
  const thimble_tile *tile;                             /* what node runs */
} thimble_stage;

/* The rows of the stage before that must be done before the next row, row y, can be computed. */
static THIMBLE_INLINE int32_t thimble_stream_needs(const thimble_tile *tile, int32_t y,
                                                   int32_t rows) {
  int32_t end = y * tile->stride - tile->before + tile->window;
  return end < rows ? end : rows;
}

/* Computes all rows of the last of the stages. Each stage computes a row only when the stage after
 * it cannot go on without, so a map's ring needs no more rows than its reader's window. */
static THIMBLE_NOINLINE void thimble_stream(const thimble_stage *stages, int32_t count,
                                            uint8_t *arena) {
  int32_t done[THIMBLE_MAX_STAGES];
  int32_t stage = count - 1;
  for (int32_t i = 0; i < count; ++i) {
    done[i] = 0;
  }
  while (done[count - 1] < stages[count - 1].tile->rows) {
    if (stage > 0 && done[stage - 1] < thimble_stream_needs(stages[stage].tile, done[stage],
                                                            stages[stage - 1].tile->rows)) {
      --stage;
      continue;
    }
    stages[stage].node(arena, done[stage], done[stage] + 1);
    ++done[stage];
    if (stage < count - 1) {
      ++stage;
    }
  }
}

#endif
