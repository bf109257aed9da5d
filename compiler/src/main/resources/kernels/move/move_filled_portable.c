/* Boxes of elements copied to an output that one value fills before. */
#include <stdint.h>
#include <string.h>

#include "common/function.h"
#include "common/move.h"

typedef struct {
  const int32_t *moves; /* see common/move.h */
  int32_t count;
  int32_t axes;
  int32_t width;    /* the bytes of an element */
  int32_t elements; /* of the output */
  int32_t fill_low; /* the value's bits */
  int32_t fill_high;
} move_filled_params;

static THIMBLE_NOINLINE void move_filled(const void *params, const void *const *inputs, void *out,
                                         void *scratch) {
  const move_filled_params *p = (const move_filled_params *)params;
  thimble_moves boxes;
  (void)scratch;
  thimble_fill_elements(out, p->elements, p->width, p->fill_low, p->fill_high);
  boxes.moves = p->moves;
  boxes.count = p->count;
  boxes.axes = p->axes;
  thimble_move_boxes(&boxes, p->width, inputs, (uint8_t *)out);
}
