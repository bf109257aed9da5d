/* The cycles that a block of instructions takes on a core whose memory never makes it wait. */
#ifndef THIMBLE_TIMING_H
#define THIMBLE_TIMING_H

#include <stddef.h>
#include <stdint.h>

/* As many instructions as QEMU ever puts into one block. */
#define TIMING_MOST_INSTRUCTIONS 512

/* What a block costs, and what its last instruction, if that is a branch, costs besides. */
struct timing {
    uint64_t bytes;    /* the block's length in memory                           */
    uint64_t cycles;
    unsigned taken;    /* more when the next block does not begin behind this one */
    unsigned straight; /* more when it does                                       */
};

struct timing_core {
    const char *name;  /* as the settings name it                         */
    const char *basis; /* one line for users: where the figures come from */
    struct timing (*block)(const struct timing_core *core, const uint8_t *const *codes, size_t count);
    const void *figures;
};

/* The core of that name, or NULL when nothing is known of it. */
const struct timing_core *timing_find(const char *name);

/* The cores that each file knows; the last one has no name. */
extern const struct timing_core cortex_m_cores[];
extern const struct timing_core superscalar_cores[];
extern const struct timing_core riscv_cores[];

#endif
