/* Depthwise convolutions by 3 x 3 windows of weights of 4 bits, on cores with the DSP extension. */
#ifndef THIMBLE_PACKED_DEPTHWISE_H
#define THIMBLE_PACKED_DEPTHWISE_H

#define THIMBLE_PACKED_DEPTHWISE

#endif
