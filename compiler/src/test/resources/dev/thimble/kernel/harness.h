/* Runs one kernel in every way that a generated program may, and compares bytes with the expected
 * ones. Buffers are allocated at their exact size, so that the address sanitizer sees any
 * excess. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/tile.h"

#define ARENA_BYTES (1 << 20)
#define MAX_WINDOW 64
#define MAX_INPUTS 16

typedef struct {
  const char *name;
  const void *const *inputs; /* the operands' data, in the kernel's order */
  const uint32_t *input_bytes;
  int32_t input_count;
  const void *expected;
  uint32_t out_bytes;
  uint32_t scratch_bytes;
  int32_t in_place;
  int32_t tolerant; /* compare floats within 4e-6 of them, or of 1 */
  const void *second; /* the second output, of a kernel that has two */
  uint32_t second_bytes;
} test_case;

static int failures = 0;

static void check(const test_case *c, const char *way, const void *got, const void *expected,
                  uint32_t bytes) {
  int same = memcmp(got, expected, bytes) == 0;
  if (!same && c->tolerant) {
    same = 1;
    for (uint32_t i = 0; i < bytes / 4; ++i) {
      float a, b;
      memcpy(&a, (const char *)got + 4 * i, 4);
      memcpy(&b, (const char *)expected + 4 * i, 4);
      same = same && (a == b || (a != a && b != b) ||
                      fabsf(a - b) <= 4e-6f * (fabsf(b) > 1.0f ? fabsf(b) : 1.0f));
    }
  }
  if (!same) {
    uint32_t at = 0;
    while (((const uint8_t *)got)[at] == ((const uint8_t *)expected)[at]) {
      ++at;
    }
    printf("%s: %s: byte %u is %d, expected %d\n", c->name, way, (unsigned)at,
           ((const int8_t *)got)[at], ((const int8_t *)expected)[at]);
    ++failures;
  }
}

static void *copy_of(const void *data, uint32_t bytes) {
  void *copy = malloc(bytes ? bytes : 1);
  memcpy(copy, data, bytes);
  return copy;
}

/* The driver, on a map in an arena; the 16 bytes around the output must stay untouched. */
static void check_driver(const test_case *c, const thimble_tile *tile, const char *way,
                         int32_t in_place) {
  uint8_t *arena = (uint8_t *)malloc(ARENA_BYTES);
  thimble_tile changed = *tile;
  thimble_rows out = *tile->out;
  memset(arena, 0xA5, ARENA_BYTES);
  for (int32_t i = 0; i < c->input_count; ++i) {
    memcpy(arena + tile->operands[i]->offset, c->inputs[i], c->input_bytes[i]);
  }
  if (in_place) {
    out.offset = tile->operands[0]->offset;
  }
  changed.out = &out;
  thimble_tile_rows(&changed, arena, 0, out.rows);
  check(c, way, arena + out.offset, c->expected, c->out_bytes);
  if (!in_place) {
    for (int32_t i = 1; i <= 16; ++i) {
      if (arena[out.offset - (uint32_t)i] != 0xA5 ||
          arena[out.offset + c->out_bytes + (uint32_t)i - 1] != 0xA5) {
        printf("%s: %s: wrote outside of the output\n", c->name, way);
        ++failures;
        break;
      }
    }
  }
  free(arena);
}

/* The driver with the output so many bytes behind the start of an operand, which it may destroy;
 * returns whether the output is right. */
static THIMBLE_NOINLINE int32_t overlaps(const test_case *c, const thimble_tile *tile,
                                         int32_t operand, int32_t distance) {
  uint8_t *arena = (uint8_t *)malloc(ARENA_BYTES);
  thimble_tile changed = *tile;
  thimble_rows rows[MAX_INPUTS], out = *tile->out;
  const thimble_rows *operands[MAX_INPUTS];
  uint32_t at = (c->out_bytes + 15) / 16 * 16;
  uint32_t end = at + (c->input_bytes[operand] + c->out_bytes + 31) / 16 * 16;
  int32_t same;
  memset(arena, 0xA5, ARENA_BYTES);
  for (int32_t i = 0; i < c->input_count; ++i) {
    operands[i] = &rows[i];
    rows[i] = *tile->operands[i];
    rows[i].offset = i == operand ? at : end;
    end += i == operand ? 0 : (c->input_bytes[i] + 15) / 16 * 16;
    memcpy(arena + rows[i].offset, c->inputs[i], c->input_bytes[i]);
  }
  out.offset = (uint32_t)((int32_t)at + distance);
  changed.out = &out;
  changed.operands = operands;
  changed.scratch_offset = end;
  thimble_tile_rows(&changed, arena, 0, out.rows);
  same = memcmp(arena + out.offset, c->expected, c->out_bytes) == 0;
  if (!same && c->tolerant) {
    check(c, "inside an operand", arena + out.offset, c->expected, c->out_bytes);
    same = 1;
  }
  free(arena);
  return same;
}

static THIMBLE_NOINLINE void check_overlap(const test_case *c, const thimble_tile *tile,
                                           int32_t operand, int32_t distance) {
  if (!overlaps(c, tile, operand, distance)) {
    printf("%s: wrong %d bytes behind the start of operand %d\n", c->name, (int)distance,
           (int)operand);
    ++failures;
  }
}

/* One output row in pieces: every split in two, and column by column from the right. */
static void check_splits(const test_case *c, const thimble_tile *tile, const void *const *rows,
                         const uint8_t *expected) {
  void *out = malloc(tile->out->row_bytes);
  void *scratch = malloc(c->scratch_bytes + 1);
  int32_t step = tile->width > 32 ? tile->width / 16 : 1;
  for (int32_t split = 0; split < tile->width; split += step) {
    memset(out, 0xEE, tile->out->row_bytes);
    tile->kernel(tile->params, rows, 0, split, out, scratch);
    tile->kernel(tile->params, rows, split, tile->width, out, scratch);
    check(c, "split in two", out, expected, tile->out->row_bytes);
  }
  memset(out, 0xEE, tile->out->row_bytes);
  for (int32_t x = tile->width - 1; x >= 0; --x) {
    tile->kernel(tile->params, rows, x, x + 1, out, scratch);
  }
  check(c, "column by column", out, expected, tile->out->row_bytes);
  free(out);
  free(scratch);
}

/* The kernel on rows that lie each in memory of their own. */
static void check_rows(const test_case *c, const thimble_tile *tile) {
  for (int32_t y = 0; y < tile->out->rows * tile->batch; ++y) {
    const void *rows[MAX_WINDOW];
    void *owned[MAX_WINDOW];
    int32_t count = 0, copies = 0;
    for (int32_t i = 0; i < tile->operand_count; ++i) {
      const thimble_rows *operand = tile->operands[i];
      for (int32_t k = 0; k < tile->window; ++k) {
        int32_t r = y % tile->out->rows * tile->stride - tile->before + k;
        r = operand->rows == 1 && tile->window == 1 && !tile->outside ? 0 : r;
        rows[count] = tile->outside;
        if (r >= 0 && r < operand->rows) {
          uint32_t row = (uint32_t)(y / tile->out->rows * operand->rows + r);
          owned[copies] = copy_of((const uint8_t *)c->inputs[i] + row * operand->row_bytes,
                                  operand->row_bytes);
          rows[count] = owned[copies++];
        }
        ++count;
      }
    }
    check_splits(c, tile, rows, (const uint8_t *)c->expected + (uint32_t)y * tile->out->row_bytes);
    while (copies > 0) {
      free(owned[--copies]);
    }
  }
}

static THIMBLE_NOINLINE void check_tile(const test_case *c, const thimble_tile *tile,
                                        const thimble_tile *flat) {
  check_driver(c, tile, "row by row", 0);
  check_rows(c, tile);
  if (flat) {
    check_driver(c, flat, "as one row", 0);
  }
  if (c->in_place) {
    check_driver(c, tile, "row by row in place", 1);
    if (flat) {
      check_driver(c, flat, "as one row in place", 1);
    }
  }
}

typedef void (*whole_fn)(const void *params, const void *const *inputs, void *out, void *scratch);

/* A kernel of two outputs, each of which may lie at the address of the operand of its number. */
static void check_two(const test_case *c, whole_fn kernel, const void *params, void **inputs,
                      void *scratch) {
  void *outputs[2];
  outputs[0] = malloc(c->out_bytes);
  outputs[1] = malloc(c->second_bytes);
  kernel(params, (const void *const *)inputs, outputs, scratch);
  check(c, "whole", outputs[0], c->expected, c->out_bytes);
  check(c, "whole, second output", outputs[1], c->second, c->second_bytes);
  if (c->in_place && c->input_bytes[0] >= c->out_bytes) {
    void *places[2];
    places[0] = inputs[0];
    places[1] = inputs[1];
    kernel(params, (const void *const *)inputs, places, scratch);
    check(c, "whole in place", inputs[0], c->expected, c->out_bytes);
    check(c, "whole in place, second output", inputs[1], c->second, c->second_bytes);
  }
  free(outputs[0]);
  free(outputs[1]);
}

static THIMBLE_NOINLINE void check_whole(const test_case *c, whole_fn kernel, const void *params) {
  void *inputs[MAX_INPUTS] = {NULL};
  void *out = malloc(c->out_bytes);
  void *scratch = malloc(c->scratch_bytes + 1);
  for (int32_t i = 0; i < c->input_count; ++i) {
    inputs[i] = copy_of(c->inputs[i], c->input_bytes[i]);
  }
  if (c->second) {
    check_two(c, kernel, params, inputs, scratch);
  } else {
    kernel(params, (const void *const *)inputs, out, scratch);
    check(c, "whole", out, c->expected, c->out_bytes);
  }
  if (c->in_place && !c->second && c->input_bytes[0] >= c->out_bytes) {
    kernel(params, (const void *const *)inputs, inputs[0], scratch);
    check(c, "whole in place", inputs[0], c->expected, c->out_bytes);
  }
  for (int32_t i = 0; i < c->input_count; ++i) {
    free(inputs[i]);
  }
  free(out);
  free(scratch);
}

typedef void (*init_fn)(const void *params, void *acc);
typedef void (*row_fn)(const void *params, const void *row, void *acc);
typedef void (*finish_fn)(const void *params, const void *acc, void *out);

static THIMBLE_NOINLINE void check_reduce(const test_case *c, init_fn init, row_fn row,
                                          finish_fn finish, const void *params, uint32_t row_bytes,
                                          uint32_t rows) {
  uint32_t batch = c->input_bytes[0] / (rows * row_bytes);
  uint32_t bytes = c->out_bytes / batch;
  void *acc = malloc(c->scratch_bytes);
  void *out = malloc(bytes);
  for (uint32_t b = 0; b < batch; ++b) {
    init(params, acc);
    for (uint32_t r = 0; r < rows; ++r) {
      void *input = copy_of((const uint8_t *)c->inputs[0] + (b * rows + r) * row_bytes, row_bytes);
      row(params, input, acc);
      free(input);
    }
    finish(params, acc, out);
    check(c, "row by row", out, (const uint8_t *)c->expected + b * bytes, bytes);
  }
  free(acc);
  free(out);
}
