/* Boxes of elements that are copied within nests of loops. */
#ifndef THIMBLE_MOVE_H
#define THIMBLE_MOVE_H

#include <stdint.h>

#include "common/elements.h"
#include "common/function.h"

#define THIMBLE_MOVE_AXES 12

typedef struct {
  const int32_t *moves; /* of each box: the operand or -1 for the output, the bytes to its first
                         * element there and in the output, and the bytes of a run; then for each
                         * axis how many runs, and the bytes from one to the next in both */
  int32_t count;        /* boxes */
  int32_t axes;         /* of each box, at least one */
} thimble_moves;

static THIMBLE_INLINE void thimble_move_boxes(const thimble_moves *p, int32_t width,
                                              const void *const *inputs, uint8_t *out) {
  const int32_t *box = p->moves;
  for (int32_t i = 0; i < p->count; ++i) {
    const uint8_t *in = box[0] < 0 ? out : (const uint8_t *)inputs[box[0]];
    const int32_t *loops = box + 4;
    const int32_t *inner = loops + 3 * (p->axes - 1);
    int32_t from = box[1], to = box[2], axis;
    int32_t at[THIMBLE_MOVE_AXES] = {0};
    do {
      thimble_copy_runs(out + to, in + from, inner[0], inner[2], inner[1], box[3], width);
      for (axis = p->axes - 2; axis >= 0; --axis) {
        const int32_t *loop = loops + 3 * axis;
        from += loop[1];
        to += loop[2];
        if (++at[axis] < loop[0]) {
          break;
        }
        from -= loop[0] * loop[1];
        to -= loop[0] * loop[2];
        at[axis] = 0;
      }
    } while (axis >= 0);
    box = inner + 3;
  }
}

#endif
