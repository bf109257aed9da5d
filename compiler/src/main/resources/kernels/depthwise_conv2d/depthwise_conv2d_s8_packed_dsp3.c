/* Convolution of each channel by itself with windows of 3 x 3 and weights of 4 bits, int8, on cores
 * with the DSP extension. */
#include "options/packed_depthwise.h"
#include "depthwise_conv2d/depthwise_conv2d_s8_dsp3.c"
