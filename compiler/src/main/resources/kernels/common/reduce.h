/* Which elements a reduction combines: those along the reduced axes, for every entry of the kept
 * ones, in memory order. */
#ifndef THIMBLE_REDUCE_H
#define THIMBLE_REDUCE_H

#include <stdint.h>

#include "common/function.h"
#include "common/walk.h"

/* What the reductions are called in parameters. */
enum {
  THIMBLE_REDUCE_SUM,
  THIMBLE_REDUCE_MAX,
  THIMBLE_REDUCE_MIN,
  THIMBLE_REDUCE_PROD,
  THIMBLE_REDUCE_L1,
  THIMBLE_REDUCE_SQUARES,
  THIMBLE_REDUCE_MEAN
};

#endif
