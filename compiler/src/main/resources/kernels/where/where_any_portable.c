/* Elements of the first operand where a condition holds, else of the second, by rows and of whole
 * tensors, for elements of any type; all three are broadcast against each other. */
#include <stdint.h>

#include "common/function.h"

typedef struct {
  const void *first;       /* a constant row, or null where the operand is read at run time */
  const void *second;      /* likewise */
  const uint8_t *condition; /* likewise */
  int32_t channels;        /* C */
  int32_t first_pixel;     /* the distance from one column to the next, in elements */
  int32_t second_pixel;
  int32_t condition_pixel;
  uint8_t first_channel; /* the distance from one channel to the next: 0 or 1 */
  uint8_t second_channel;
  uint8_t condition_channel;
  uint8_t bytes; /* of an element: 1, 2, 4 or 8 */
} where_params;

typedef struct {
  const void *first;       /* a constant, or null where the operand is read at run time */
  const void *second;      /* likewise */
  const uint8_t *condition; /* likewise */
  int32_t extent0;         /* of the output */
  int32_t extent1;
  int32_t extent2;
  int32_t extent3;
  int32_t first_stride0; /* in elements; 0 along the axes that broadcasting repeats */
  int32_t first_stride1;
  int32_t first_stride2;
  int32_t first_stride3;
  int32_t second_stride0;
  int32_t second_stride1;
  int32_t second_stride2;
  int32_t second_stride3;
  int32_t condition_stride0;
  int32_t condition_stride1;
  int32_t condition_stride2;
  int32_t condition_stride3;
  uint8_t bytes; /* of an element: 1, 2, 4 or 8 */
} where_whole_params;

static THIMBLE_INLINE void where_copy(uint8_t *to, const uint8_t *from, int32_t bytes) {
  switch (bytes) {
    case 1:
      *to = *from;
      break;
    case 2:
      *(uint16_t *)(void *)to = *(const uint16_t *)(const void *)from;
      break;
    case 4:
      *(uint32_t *)(void *)to = *(const uint32_t *)(const void *)from;
      break;
    default:
      *(uint64_t *)(void *)to = *(const uint64_t *)(const void *)from;
      break;
  }
}

static THIMBLE_NOINLINE void where(const void *params, const void *const *rows, int32_t x0,
                                   int32_t x1, void *out, void *scratch) {
  const where_params *p = (const where_params *)params;
  const uint8_t *first = (const uint8_t *)(p->first ? p->first : *rows++);
  const uint8_t *second = (const uint8_t *)(p->second ? p->second : *rows++);
  const uint8_t *condition = p->condition ? p->condition : (const uint8_t *)*rows;
  int32_t bytes = p->bytes;
  uint8_t *to = (uint8_t *)out + x0 * p->channels * bytes;
  (void)scratch;
  for (int32_t x = x0; x < x1; ++x) {
    const uint8_t *a = first + x * p->first_pixel * bytes;
    const uint8_t *b = second + x * p->second_pixel * bytes;
    const uint8_t *c = condition + x * p->condition_pixel;
    for (int32_t i = 0; i < p->channels; ++i) {
      where_copy(to, *c ? a : b, bytes);
      a += p->first_channel * bytes;
      b += p->second_channel * bytes;
      c += p->condition_channel;
      to += bytes;
    }
  }
}

static THIMBLE_NOINLINE void where_whole(const void *params, const void *const *inputs, void *out,
                                         void *scratch) {
  const where_whole_params *p = (const where_whole_params *)params;
  const uint8_t *first = (const uint8_t *)(p->first ? p->first : *inputs++);
  const uint8_t *second = (const uint8_t *)(p->second ? p->second : *inputs++);
  const uint8_t *condition = p->condition ? p->condition : (const uint8_t *)*inputs;
  int32_t bytes = p->bytes;
  uint8_t *to = (uint8_t *)out;
  (void)scratch;
  for (int32_t i0 = 0; i0 < p->extent0; ++i0) {
    for (int32_t i1 = 0; i1 < p->extent1; ++i1) {
      for (int32_t i2 = 0; i2 < p->extent2; ++i2) {
        const uint8_t *a = first + bytes * (i0 * p->first_stride0 + i1 * p->first_stride1 +
                                            i2 * p->first_stride2);
        const uint8_t *b = second + bytes * (i0 * p->second_stride0 + i1 * p->second_stride1 +
                                             i2 * p->second_stride2);
        const uint8_t *c = condition + i0 * p->condition_stride0 + i1 * p->condition_stride1 +
                           i2 * p->condition_stride2;
        for (int32_t i3 = 0; i3 < p->extent3; ++i3) {
          where_copy(to, *c ? a : b, bytes);
          a += p->first_stride3 * bytes;
          b += p->second_stride3 * bytes;
          c += p->condition_stride3;
          to += bytes;
        }
      }
    }
  }
}
