/* Convolution of each channel by itself with at most 4x4 taps of 4 bits, int8, with M-profile vector
 * instructions. */
#include "options/packed_taps.h"
#include "depthwise_conv2d/depthwise_conv2d_taps_s8_helium.c"
