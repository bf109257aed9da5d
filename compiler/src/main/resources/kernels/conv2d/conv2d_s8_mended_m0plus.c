/* Convolution for ARMv6-M, int8, of a filter with weights of -128. */
#include "options/m0plus_mend.h"
#include "conv2d/conv2d_s8_m0plus.c"
