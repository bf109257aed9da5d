/* The driver of tile kernels: finds the input rows of each output row and calls the kernel. */
#ifndef THIMBLE_TILE_H
#define THIMBLE_TILE_H

#include <stdint.h>

#include "common/function.h"

/* The most row pointers that any kernel of the program takes: operands times window. */
#ifndef THIMBLE_MAX_ROWS
#define THIMBLE_MAX_ROWS 64
#endif

/* How rows are counted; a program of more rows than 16 bits hold defines THIMBLE_WIDE_ROWS. */
#ifdef THIMBLE_WIDE_ROWS
#define THIMBLE_ROWS int32_t
#define THIMBLE_BEFORE int32_t
#else
#define THIMBLE_ROWS uint16_t
#define THIMBLE_BEFORE int16_t
#endif

/* Computes columns [x0, x1) of one output row, whose column 0 lies at out. rows holds, for each
 * operand in turn, the input rows of the window; a null pointer stands for a row outside of the
 * map. */
typedef void (*thimble_tile_fn)(const void *params, const void *const *rows, int32_t x0,
                                int32_t x1, void *out, void *scratch);

/* Where an operand's rows lie. Row r of the map is held in slot r % ring. */
typedef struct {
  const void *constant; /* its rows, or null where they lie in the arena */
  uint32_t offset;      /* of slot 0 in the arena, in bytes */
  uint32_t row_bytes;
  THIMBLE_ROWS rows; /* of the map, of one batch entry */
  THIMBLE_ROWS ring; /* the rows held in memory */
} thimble_operand;

/* How one node of tile form is called. Output row y needs the `window` input rows from row y *
 * stride - before on. */
typedef struct {
  thimble_tile_fn kernel;
  const void *params;
  const thimble_operand *operands;
  const void *outside; /* stands for the rows outside of the map; may be null */
  uint32_t out_offset; /* of slot 0 of the output in the arena, in bytes */
  uint32_t out_row_bytes;
  uint32_t scratch_offset;
  int32_t width;         /* the output's columns */
  THIMBLE_ROWS rows;     /* the output's rows, of one batch entry */
  THIMBLE_ROWS out_ring; /* the output rows held in memory */
  THIMBLE_ROWS batch;    /* the batch entries; 1 where a ring holds fewer rows than the map has */
  THIMBLE_ROWS window;
  THIMBLE_ROWS stride;
  THIMBLE_BEFORE before;
  uint8_t operand_count;
} thimble_tile;

/* Row r of batch entry b. A map of a single row serves every output row of an elementwise kernel,
 * which has no rows outside of its map. */
static THIMBLE_INLINE const void *thimble_tile_row(const thimble_tile *tile,
                                                   const thimble_operand *operand,
                                                   const uint8_t *arena, int32_t b, int32_t r) {
  const uint8_t *start = arena + operand->offset;
  if (operand->constant) {
    start = (const uint8_t *)operand->constant;
  }
  if (r < 0 || r >= operand->rows) {
    if (operand->rows > 1 || tile->window > 1 || tile->outside) {
      return tile->outside;
    }
    r = 0;
  }
  r = r % operand->ring + b * operand->ring;
  return start + (uint32_t)r * operand->row_bytes;
}

/* Computes output rows [y0, y1) of every batch entry. */
static THIMBLE_NOINLINE void thimble_tile_rows(const thimble_tile *tile, uint8_t *arena, int32_t y0,
                                               int32_t y1) {
  const void *rows[THIMBLE_MAX_ROWS];
  for (int32_t b = 0; b < tile->batch; ++b) {
    for (int32_t y = y0; y < y1; ++y) {
      const void **row = rows;
      for (int32_t i = 0; i < tile->operand_count; ++i) {
        for (int32_t k = 0; k < tile->window; ++k) {
          int32_t r = y * tile->stride - tile->before + k;
          *row++ = thimble_tile_row(tile, &tile->operands[i], arena, b, r);
        }
      }
      int32_t slot = y % tile->out_ring + b * tile->out_ring;
      tile->kernel(tile->params, rows, 0, tile->width,
                   arena + tile->out_offset + (uint32_t)slot * tile->out_row_bytes,
                   arena + tile->scratch_offset);
    }
  }
}

#endif
