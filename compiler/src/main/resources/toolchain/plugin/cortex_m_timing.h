/* The cycles that a Thumb instruction takes on a Cortex-M core with memory that never makes it wait. */
#ifndef THIMBLE_CORTEX_M_TIMING_H
#define THIMBLE_CORTEX_M_TIMING_H

#include <stdint.h>

enum timing_kind {
    TIMING_ALU,              /* everything that is not below, also moves, shifts, branches and hints */
    TIMING_MULTIPLY,         /* 32-bit result: MUL                                                   */
    TIMING_MAC,              /* 32-bit result: MLA, MLS, SMLAD, SMLABB, …                            */
    TIMING_LONG_MULTIPLY,    /* 64-bit result: SMULL, SMLAL, SMLALD, …                               */
    TIMING_DIVIDE,
    TIMING_LOAD,             /* one register, integer                                                */
    TIMING_STORE,            /* one register at a constant offset                                    */
    TIMING_STORE_REGISTER,   /* one register at an offset in a register                              */
    TIMING_MULTIPLE,         /* LDM, STM, PUSH, POP, LDRD, STRD, VLDR, VSTR, VLDM, VSTM              */
    TIMING_TABLE_BRANCH,     /* TBB, TBH                                                             */
    TIMING_FLOAT,            /* floating point, one cycle                                            */
    TIMING_FLOAT_PAIR_MOVE,  /* VMOV between two core registers and the floating-point registers     */
    TIMING_FLOAT_MAC,        /* VMLA, VFMA and their kin                                             */
    TIMING_FLOAT_DIVIDE,     /* VDIV, VSQRT                                                          */
    TIMING_KINDS
};

struct timing {
    enum timing_kind kind;
    unsigned bytes;         /* 2 or 4                                                              */
    unsigned words;         /* words moved, of TIMING_MULTIPLE                                     */
    uint32_t loaded;        /* bit set with the register that a TIMING_LOAD writes                 */
    uint32_t address;       /* bit set of the registers that a single load or store addresses with */
};

struct core_timing {
    const char *name;
    uint8_t cycles[TIMING_KINDS]; /* TIMING_MULTIPLE: without its words               */
    uint8_t pipelined;            /* a load or store right after a load; 0: no saving */
    uint8_t taken_branch;         /* what a branch costs more when it is taken        */
};

/* The core's figures, or NULL when none are known for that name. */
const struct core_timing *core_timing_find(const char *name);

struct timing timing_decode(const uint8_t *code);

/* The cycles of an instruction that comes right after another one, or first (previous is NULL). */
unsigned timing_cycles(const struct core_timing *core, const struct timing *previous, const struct timing *now);

#endif
