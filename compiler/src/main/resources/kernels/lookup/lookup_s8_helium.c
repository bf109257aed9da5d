/* Any function of an int8 element, by its results for all of them, with M-profile vector
 * instructions, of a row of elements. */
#include <arm_mve.h>
#include <stdint.h>

#include "common/function.h"

typedef struct {
  const int8_t *table; /* [256], by the element read as a uint8 */
} lookup_s8_helium_params;

static THIMBLE_NOINLINE void lookup_s8_helium(const void *params, const void *const *rows,
                                              int32_t x0, int32_t x1, void *out, void *scratch) {
  const lookup_s8_helium_params *p = (const lookup_s8_helium_params *)params;
  const int8_t *table = p->table;
  const uint8_t *from = (const uint8_t *)rows[0] + x0;
  int8_t *to = (int8_t *)out + x0;
  (void)scratch;
  for (int32_t left = x1 - x0; left > 0; left -= 16) {
    mve_pred16_t some = vctp8q((uint32_t)left);
    uint8x16_t places = vldrbq_z_u8(from, some);
    vstrbq_p_s8(to, vldrbq_gather_offset_z_s8(table, places, some), some);
    from += 16;
    to += 16;
  }
}
