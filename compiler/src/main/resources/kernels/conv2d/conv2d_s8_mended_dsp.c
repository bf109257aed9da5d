/* Convolution, int8, on cores with the DSP extension, of a filter with weights of -128. */
#include "options/dsp_mend.h"
#include "conv2d/conv2d_s8_dsp.c"
