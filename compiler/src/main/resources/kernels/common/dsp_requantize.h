/* Requantisation on cores with the DSP extension, in few instructions. */
#ifndef THIMBLE_DSP_REQUANTIZE_H
#define THIMBLE_DSP_REQUANTIZE_H

#include <stdint.h>

#include "common/function.h"

#endif
