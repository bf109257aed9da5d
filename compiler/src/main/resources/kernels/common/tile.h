/* The driver of tile kernels: finds the input rows of each output row and calls the kernel. */
#ifndef THIMBLE_TILE_H
#define THIMBLE_TILE_H

#include <stdint.h>

#include "common/function.h"
#include "common/rows.h"

/* The most row pointers that any kernel of the program takes: operands times window. */
#ifndef THIMBLE_MAX_ROWS
#define THIMBLE_MAX_ROWS 64
#endif

/* Computes columns [x0, x1) of one output row, whose column 0 lies at out. rows holds, for each
 * operand in turn, the input rows of the window; a null pointer stands for a row outside of the
 * map. */
typedef void (*thimble_tile_fn)(const void *params, const void *const *rows, int32_t x0,
                                int32_t x1, void *out, void *scratch);

/* How one node of tile form is called. Output row y needs the `window` input rows from row y *
 * stride - before on. */
typedef struct {
  thimble_tile_fn kernel;
  const void *params;
  const thimble_rows *const *operands;
  const thimble_rows *out;
  const void *outside; /* stands for the rows outside of the map; may be null */
  uint32_t scratch_offset;
  int32_t width;      /* the output's columns */
  THIMBLE_ROWS batch; /* the batch entries; 1 where fewer rows are held than the map has */
  THIMBLE_ROWS window;
  THIMBLE_ROWS stride;
  THIMBLE_BEFORE before;
  uint8_t operand_count;
#ifdef THIMBLE_REGIONS
  uint8_t scratch_region;
#endif
} thimble_tile;

/* Row r of batch entry b. A map of a single row serves every output row of an elementwise kernel,
 * which has no rows outside of its map. */
static THIMBLE_INLINE const void *thimble_tile_row(const thimble_tile *tile,
                                                   const thimble_rows *operand,
                                                   THIMBLE_MEMORY_READ arena, int32_t b,
                                                   int32_t r) {
  int32_t rows = (int32_t)operand->rows;
  if (r < 0 || r >= rows) {
    if (rows > 1 || tile->window > 1 || tile->outside) {
      return tile->outside;
    }
    r = 0;
  }
  return thimble_row(operand, arena, b, r);
}

/* Computes output rows [y0, y1) of every batch entry. */
static THIMBLE_NOINLINE void thimble_tile_rows(const thimble_tile *tile, THIMBLE_MEMORY arena,
                                               int32_t y0, int32_t y1) {
  const void *rows[THIMBLE_MAX_ROWS];
  for (int32_t b = 0; b < (int32_t)tile->batch; ++b) {
    for (int32_t y = y0; y < y1; ++y) {
      const void **row = rows;
      for (int32_t i = 0; i < tile->operand_count; ++i) {
        int32_t first = y * (int32_t)tile->stride - tile->before;
        for (int32_t k = 0; k < (int32_t)tile->window; ++k) {
          *row++ = thimble_tile_row(tile, tile->operands[i], arena, b, first + k);
        }
      }
      tile->kernel(tile->params, rows, 0, tile->width,
                   THIMBLE_BASE(arena, tile->out->region) + thimble_row_offset(tile->out, b, y),
                   THIMBLE_BASE(arena, tile->scratch_region) + tile->scratch_offset);
    }
  }
}

#endif
