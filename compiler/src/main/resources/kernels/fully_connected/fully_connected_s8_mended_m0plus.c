/* Matrix product for ARMv6-M, int8, of a filter with weights of -128. */
#include "options/m0plus_mend.h"
#include "fully_connected/fully_connected_s8_m0plus.c"
