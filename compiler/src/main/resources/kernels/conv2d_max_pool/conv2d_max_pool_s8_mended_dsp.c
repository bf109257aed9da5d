/* Convolution with max pooling, int8, on cores with the DSP extension, of a filter with weights of -128. */
#include "options/dsp_mend.h"
#include "conv2d_max_pool/conv2d_max_pool_s8_dsp.c"
