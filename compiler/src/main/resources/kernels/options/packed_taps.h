/* Depthwise convolutions with at most 4x4 taps of 4 bits, with M-profile vector instructions. */
#ifndef THIMBLE_PACKED_TAPS_H
#define THIMBLE_PACKED_TAPS_H

#define THIMBLE_PACKED_TAPS

#endif
