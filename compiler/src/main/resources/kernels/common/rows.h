/* Where the rows of maps lie. */
#ifndef THIMBLE_ROWS_H
#define THIMBLE_ROWS_H

#include <stdint.h>

#include "common/function.h"

/* How rows are counted; a program of more rows than 16 bits hold defines THIMBLE_WIDE_ROWS. */
#ifdef THIMBLE_WIDE_ROWS
#define THIMBLE_ROWS uint32_t
#define THIMBLE_BEFORE int32_t
#else
#define THIMBLE_ROWS uint16_t
#define THIMBLE_BEFORE int16_t
#endif

/* An offset in the arena; a program whose arena is larger defines THIMBLE_WIDE_ARENA. */
#ifdef THIMBLE_WIDE_ARENA
#define THIMBLE_SLOT uint32_t
#else
#define THIMBLE_SLOT uint16_t
#endif

/* Where values lie. A program whose values lie in several memories defines THIMBLE_REGIONS and
 * hands their addresses around in a table; every other one the arena's address. */
#ifdef THIMBLE_REGIONS
#define THIMBLE_MEMORY uint8_t *const *
#define THIMBLE_MEMORY_READ uint8_t *const *
#define THIMBLE_BASE(memory, region) ((memory)[region])
#else
#define THIMBLE_MEMORY uint8_t *
#define THIMBLE_MEMORY_READ const uint8_t *
#define THIMBLE_BASE(memory, region) (memory)
#endif

/* A map's rows. Row r of the map is held in slot r % held. */
typedef struct {
  const void *constant;      /* the rows, or null where they lie in the arena */
  const THIMBLE_SLOT *slots; /* the offset of each slot, or null where they lie side by side */
  uint32_t offset;           /* of slot 0 in the arena, in bytes, where slots is null */
  uint32_t row_bytes;
  THIMBLE_ROWS rows; /* of the map, of one batch entry */
  THIMBLE_ROWS held; /* the slots */
#ifdef THIMBLE_REGIONS
  uint8_t region; /* the number of the memory */
#endif
} thimble_rows;

/* The distance from the start of the memory, or of the constant, to row r of batch entry b. */
static THIMBLE_INLINE uint32_t thimble_row_offset(const thimble_rows *rows, int32_t b, int32_t r) {
  int32_t held = (int32_t)rows->held;
  if (r >= held) {
    r %= held;
  }
  return rows->slots ? rows->slots[r]
                     : rows->offset + (uint32_t)(r + b * held) * rows->row_bytes;
}

/* Row r of batch entry b, to be read. */
static THIMBLE_INLINE const void *thimble_row(const thimble_rows *rows,
                                              THIMBLE_MEMORY_READ arena, int32_t b, int32_t r) {
  const uint8_t *start =
      rows->constant ? (const uint8_t *)rows->constant : THIMBLE_BASE(arena, rows->region);
  return start + thimble_row_offset(rows, b, r);
}

#endif
