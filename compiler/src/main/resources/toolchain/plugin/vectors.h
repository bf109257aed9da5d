/* The elements that RISC-V's vector instructions work on. */
#ifndef THIMBLE_VECTORS_H
#define THIMBLE_VECTORS_H

#include <stddef.h>
#include <stdint.h>

/*
 * The vector instructions of a block. QEMU shows plugins no registers, so the length that an instruction is told is not
 * known; what its operands hold at most is, from the instruction that set their type.
 */
struct vector_work {
    uint64_t before;   /* instructions before the block's first that sets the type */
    uint64_t elements; /* what those behind it work on at most, in all             */
    uint64_t leaves;   /* the elements of an operand after the block; 0: as before */
};

/* Of the block with this code, on registers of so many bits; none where the core has none. */
struct vector_work vectors_of(unsigned bits, const uint8_t *const *codes, size_t count);

#endif
