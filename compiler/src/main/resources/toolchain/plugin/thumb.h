/* A decoder of Thumb encodings that is as fine as models of the timing of Cortex-M cores are. */
#ifndef THIMBLE_THUMB_H
#define THIMBLE_THUMB_H

#include <stdint.h>

enum thumb_kind {
    THUMB_ALU,              /* everything that is not below, also moves, shifts, branches and hints */
    THUMB_MULTIPLY,         /* 32-bit result: MUL                                                   */
    THUMB_MAC,              /* 32-bit result: MLA, MLS, SMLAD, SMLABB, …                            */
    THUMB_LONG_MULTIPLY,    /* 64-bit result: SMULL, SMLAL, SMLALD, …                               */
    THUMB_DIVIDE,
    THUMB_LOAD,             /* one register, integer                                                */
    THUMB_STORE,            /* one register at a constant offset                                    */
    THUMB_STORE_REGISTER,   /* one register at an offset in a register                              */
    THUMB_MULTIPLE,         /* LDM, STM, PUSH, POP, LDRD, STRD, VLDR, VSTR, VLDM, VSTM              */
    THUMB_TABLE_BRANCH,     /* TBB, TBH                                                             */
    THUMB_FLOAT,            /* floating point, one cycle                                            */
    THUMB_FLOAT_PAIR_MOVE,  /* VMOV between two core registers and the floating-point registers     */
    THUMB_FLOAT_MAC,        /* VMLA, VFMA and their kin                                             */
    THUMB_FLOAT_DIVIDE,     /* VDIV, VSQRT                                                          */
    THUMB_VECTOR,           /* Helium: arithmetic                                                 */
    THUMB_VECTOR_MEMORY,    /* Helium: loads and stores of consecutive elements                   */
    THUMB_VECTOR_GATHER,    /* Helium: loads and stores of scattered elements                     */
    THUMB_BRANCH,           /* any branch but the next                                            */
    THUMB_LOOP_END,         /* LE, LETP                                                           */
    THUMB_KINDS
};

struct thumb {
    enum thumb_kind kind;
    unsigned bytes;         /* 2 or 4                                                              */
    unsigned words;         /* words moved, of THUMB_MULTIPLE                                     */
    uint32_t loaded;        /* bit set with the register that a THUMB_LOAD writes                 */
    uint32_t address;       /* bit set of the registers that a single load or store addresses with */
};

/* The encoding's halfwords; the second is 0 for an instruction of two bytes. */
struct thumb_code {
    unsigned first, second;
    unsigned bytes;
};

struct thumb_code thumb_fetch(const uint8_t *code);
struct thumb thumb_decode(struct thumb_code code);

/* The core's registers that an instruction reads and writes, as bits, with the flags at PIPELINE_FLAGS. */
struct thumb_registers {
    uint64_t reads, writes;
};

struct thumb_registers thumb_registers(struct thumb_code code);

#endif
