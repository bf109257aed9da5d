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
  uint8_t *to = (uint8_t *)out;
  (void)scratch;
  if (p->width == 1) {
    memset(to, p->fill_low & 0xFF, (uint32_t)p->elements);
  } else {
    for (int32_t i = 0; i < p->elements; ++i) {
      if (p->width == 2) {
        ((thimble_bits16 *)out)[i] = (uint16_t)p->fill_low;
      } else if (p->width == 4) {
        ((thimble_bits32 *)out)[i] = (uint32_t)p->fill_low;
      } else {
        ((thimble_bits32 *)out)[2 * i] = (uint32_t)p->fill_low;
        ((thimble_bits32 *)out)[2 * i + 1] = (uint32_t)p->fill_high;
      }
    }
  }
  boxes.moves = p->moves;
  boxes.count = p->count;
  boxes.axes = p->axes;
  thimble_move_boxes(&boxes, p->width, inputs, to);
}
