/* Products of quads of channels are mended where weights are -128: see dsp_gemm.h. */
#ifndef THIMBLE_DSP_MEND_H
#define THIMBLE_DSP_MEND_H

#define THIMBLE_DSP_MEND

#endif
