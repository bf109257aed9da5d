/*
 * An in-order pipeline: instructions begin in order, one or two a cycle, each as soon as the registers that it reads
 * are ready and the unit that it needs is free.
 */
#ifndef THIMBLE_PIPELINE_H
#define THIMBLE_PIPELINE_H

#include <stddef.h>
#include <stdint.h>

/* Registers are bits: 0 to 31 of the integers (Arm uses 16), and these. */
#define PIPELINE_FLAGS ((uint64_t)1 << 32)

enum pipeline_unit {
    UNIT_ALU,
    UNIT_MEMORY,
    UNIT_MULTIPLY,
    UNIT_FLOAT,
    UNIT_VECTOR,
    UNIT_VECTOR_MEMORY,
    UNIT_BRANCH,
    UNITS
};

struct operation {
    uint64_t reads, writes;
    enum pipeline_unit unit;
    unsigned issue;   /* cycles before the next instruction can begin; 0: it takes no time at all */
    unsigned busy;    /* cycles before the unit takes another instruction                         */
    unsigned latency; /* cycles before the results can be read                                    */
    int pairs;        /* it can begin together with another one                                   */
};

/* The cycles of the operations in their order; `width` of them, 1 or 2, can begin together. */
uint64_t pipeline_run(const struct operation *operations, size_t count, int width);

#endif
