/* Boxes of elements copied from operands, or from the output itself, to the output. */
#include <stdint.h>
#include <string.h>

#include "common/function.h"
#include "common/move.h"

typedef struct {
  const int32_t *moves; /* see common/move.h */
  int32_t count;
  int32_t axes;
  int32_t width; /* the bytes of an element */
} move_boxes_params;

static THIMBLE_NOINLINE void move_boxes(const void *params, const void *const *inputs, void *out,
                                        void *scratch) {
  const move_boxes_params *p = (const move_boxes_params *)params;
  thimble_moves boxes;
  (void)scratch;
  boxes.moves = p->moves;
  boxes.count = p->count;
  boxes.axes = p->axes;
  thimble_move_boxes(&boxes, p->width, inputs, (uint8_t *)out);
}
