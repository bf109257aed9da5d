/* Matrix product, int8, on cores with the DSP extension, of a filter with weights of -128. */
#include "options/dsp_mend.h"
#include "fully_connected/fully_connected_s8_dsp.c"
