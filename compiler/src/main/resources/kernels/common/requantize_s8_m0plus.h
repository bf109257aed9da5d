/* Requantisation for ARMv6-M, which multiplies to 32 bits only. The compiler has proved for each
 * channel that a linear function of the sum, within a range of sums, is the reference's result; the
 * multiplier's high and low bits are multiplied by themselves. */
#ifndef THIMBLE_REQUANTIZE_S8_M0PLUS_H
#define THIMBLE_REQUANTIZE_S8_M0PLUS_H

/* Takes a channel's word of range and offset apart, and its multiplier in `low`. `start` holds what
 * every channel of the node adds to the products, and becomes what this one does; `word` becomes
 * the range, `high` and `low` the parts of the multiplier. */
#define THIMBLE_M0PLUS_CONSTANTS(high, low, start, word, range_shift, offset_shift, spare) \
  "uxth " spare ", " word "\n"                                                             \
  "lsls " spare ", " offset_shift "\n"                                                     \
  "adds " start ", " start ", " spare "\n"                                                 \
  "lsrs " word ", " word ", #16\n"                                                         \
  "lsls " word ", " range_shift "\n"                                                       \
  "lsrs " high ", " low ", #11\n"                                                          \
  "lsls " low ", " low ", #21\n"                                                           \
  "lsrs " low ", " low ", #21\n"

/* What a sum within the range becomes; `then` takes the fraction's bits off. */
#define THIMBLE_M0PLUS_LINEAR(sum, high, low, start, product, then) \
  "mov  " product ", " sum "\n"                                     \
  "muls " product ", " low ", " product "\n"                        \
  "lsrs " product ", " product ", #11\n"                            \
  "muls " sum ", " high ", " sum "\n"                               \
  "adds " sum ", " sum ", " product "\n"                            \
  "adds " sum ", " sum ", " start "\n" then

/* The end of it without dips. */
#define THIMBLE_M0PLUS_PLAIN(sum) "asrs " sum ", " sum ", #24\n"

#endif
