/*
 * The Cortex-M cores for which Arm publishes no timing table. What is modelled is what its manuals and optimisation
 * guides say in words: how many instructions begin together, what they depend on, and what a wrong guess of a branch
 * costs. Caches, buffers and the finer rules of pairing are not; so these figures are approximations.
 */
#include "pipeline.h"
#include "thumb.h"
#include "timing.h"

struct figures {
    int width;            /* instructions that can begin together                                 */
    int pairs_wide;       /* also those of four bytes                                             */
    int two_alus;         /* also two that compute                                                */
    unsigned load;        /* cycles before a loaded register can be read                          */
    unsigned multiply;    /* cycles before a product can be read                                  */
    unsigned divide;
    unsigned vector_busy; /* cycles that a Helium instruction keeps its half of the vector unit   */
    unsigned refill;      /* after a branch that was not foreseen                                 */
    int foresees;         /* backward branches are expected to be taken, and others not to be     */
};

static const struct figures m7 = {2, 1, 1, 2, 2, 7, 1, 6, 1};
static const struct figures m33 = {2, 0, 0, 2, 1, 7, 1, 2, 0};
static const struct figures m55 = {2, 0, 0, 2, 2, 7, 2, 3, 1};

static struct operation multiple(unsigned words)
{
    const struct operation op = {.unit = UNIT_MEMORY, .issue = words, .busy = words, .latency = words + 1};
    return op;
}

static struct operation plain(enum pipeline_unit unit, unsigned latency, int pairs)
{
    const struct operation op = {.unit = unit, .issue = 1, .busy = 1, .latency = latency, .pairs = pairs};
    return op;
}

static struct operation alu(const struct figures *f, int pairs)
{
    struct operation op = plain(UNIT_ALU, 1, pairs);
    op.busy = f->two_alus ? 0 : 1;
    return op;
}

/* Division and square root wait for themselves. */
static struct operation slow(enum pipeline_unit unit, unsigned cycles)
{
    const struct operation op = {.unit = unit, .issue = cycles, .busy = cycles, .latency = cycles};
    return op;
}

/* Two vector instructions overlap when one moves data and the other computes; two of a kind follow each other. */
static struct operation vector(const struct figures *f, enum pipeline_unit unit)
{
    const struct operation op = {.unit = unit, .issue = 1, .busy = f->vector_busy, .latency = f->vector_busy};
    return op;
}

static struct operation operation(const struct figures *f, const struct thumb *thumb, int pairs)
{
    switch (thumb->kind) {
    case THUMB_ALU:
        return alu(f, pairs);
    case THUMB_MULTIPLY:
    case THUMB_MAC:
    case THUMB_LONG_MULTIPLY:
        return plain(UNIT_MULTIPLY, f->multiply, pairs);
    case THUMB_DIVIDE:
        return slow(UNIT_MULTIPLY, f->divide);
    case THUMB_LOAD:
        return plain(UNIT_MEMORY, f->load, pairs);
    case THUMB_STORE:
    case THUMB_STORE_REGISTER:
        return plain(UNIT_MEMORY, 1, pairs);
    case THUMB_MULTIPLE:
        return multiple(thumb->words);
    case THUMB_TABLE_BRANCH:
        return slow(UNIT_BRANCH, 2);
    case THUMB_FLOAT:
    case THUMB_FLOAT_PAIR_MOVE:
    case THUMB_FLOAT_MAC:
        return plain(UNIT_FLOAT, 1, pairs);
    case THUMB_FLOAT_DIVIDE:
        return slow(UNIT_FLOAT, 14);
    case THUMB_VECTOR:
        return vector(f, UNIT_VECTOR);
    case THUMB_VECTOR_MEMORY:
        return vector(f, UNIT_VECTOR_MEMORY);
    case THUMB_VECTOR_GATHER:
        return slow(UNIT_VECTOR_MEMORY, 4);
    case THUMB_BRANCH:
        return plain(UNIT_BRANCH, 1, pairs);
    case THUMB_LOOP_END:
    case THUMB_KINDS:
        break;
    }
    /* The end of a low-overhead loop takes no time once the loop is running. */
    return (struct operation){.unit = UNIT_BRANCH};
}

/* Conditional branches backward: of two bytes 1101, of four bytes 1111 0, and the sign of their distance. */
static int goes_back(struct thumb_code code)
{
    if (code.bytes == 2) {
        return code.first >> 12 == 13 && (code.first & 0x80) != 0;
    }
    return (code.first & 0xF800) == 0xF000 && (code.second & 0xD000) == 0x8000 && (code.first & 0x0400) != 0;
}

static int is_conditional(struct thumb_code code)
{
    const int compares_to_zero = (code.first & 0xF500) == 0xB100;
    return code.bytes == 2 ? code.first >> 12 == 13 || compares_to_zero
                           : (code.first & 0xF800) == 0xF000 && (code.second & 0xD000) == 0x8000;
}

static void branch_costs(const struct figures *f, struct thumb_code code, int is_loop_end, struct timing *timing)
{
    if (is_loop_end) {
        timing->straight = f->refill;
    } else if (!f->foresees) {
        timing->taken = f->refill;
    } else if (!is_conditional(code)) {
        timing->taken = 1;
    } else if (goes_back(code)) {
        timing->straight = f->refill;
    } else {
        timing->taken = f->refill;
    }
}

static struct timing block(const struct timing_core *core, const uint8_t *const *codes, size_t count)
{
    static struct operation operations[TIMING_MOST_INSTRUCTIONS];
    const struct figures *f = core->figures;
    struct timing timing = {0};
    size_t i;
    for (i = 0; i < count; i++) {
        const struct thumb_code code = thumb_fetch(codes[i]);
        const struct thumb thumb = thumb_decode(code);
        const struct thumb_registers registers = thumb_registers(code);
        operations[i] = operation(f, &thumb, code.bytes == 2 || f->pairs_wide);
        operations[i].reads = registers.reads | thumb.address;
        operations[i].writes = registers.writes;
        timing.bytes += code.bytes;
        if (i + 1 == count) {
            branch_costs(f, code, thumb.kind == THUMB_LOOP_END, &timing);
        }
    }
    timing.cycles = pipeline_run(operations, count, f->width);
    return timing;
}

const struct timing_core superscalar_cores[] = {
    {"cortex-m7", "approximation of Cortex-M7: two instructions a cycle unless they depend on each other, loads used"
                  " after 2 cycles, unforeseen branches 6", block, &m7},
    {"cortex-m33", "approximation of Cortex-M33: pairs of 16-bit instructions, loads used after 2 cycles, taken"
                   " branches 3", block, &m33},
    {"cortex-m55", "approximation of Cortex-M55: Helium instructions 2 cycles, of which a load or store and a"
                   " computation overlap one, pairs of 16-bit instructions, unforeseen branches 3", block, &m55},
    {NULL, NULL, NULL, NULL},
};
