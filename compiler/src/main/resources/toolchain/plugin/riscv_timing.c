/*
 * Cores that execute RV32IMAC, one instruction a cycle in order: SiFive's E31 (FE310) by its manual, Raspberry Pi's
 * Hazard3 (RP2350) by its documentation, and Espressif's ESP32-C3, of which the manual says only that its pipeline has
 * four stages.
 */
#include "pipeline.h"
#include "timing.h"

struct figures {
    unsigned load_word;  /* cycles before what was loaded can be read                           */
    unsigned load_part;  /* the same for bytes and halfwords                                    */
    unsigned multiply;   /* cycles before a product can be read                                 */
    unsigned multiplier; /* cycles before the multiplier takes the next operands                */
    unsigned divide;     /* a division, on average                                              */
    unsigned refill;     /* after a branch that was not foreseen                                */
    unsigned jump;       /* more for a jump that is always taken                                */
    int foresees;        /* backward branches are expected to be taken, and others not to be    */
};

static const struct figures e31 = {2, 3, 5, 4, 17, 3, 0, 1};
static const struct figures hazard3 = {2, 2, 1, 1, 19, 1, 1, 0};
static const struct figures esp32_c3 = {2, 2, 1, 1, 17, 2, 1, 0};

enum branch { BRANCH_NONE, BRANCH_JUMP, BRANCH_FORWARD, BRANCH_BACK };

struct decoded {
    struct operation op;
    enum branch branch;
};

static uint64_t bit(unsigned number)
{
    return number == 0 ? 0 : (uint64_t)1 << number;
}

static struct decoded of(enum pipeline_unit unit, unsigned latency, uint64_t reads, uint64_t writes)
{
    struct decoded d = {{reads, writes, unit, 1, 1, latency, 0}, BRANCH_NONE};
    return d;
}

static struct decoded branch(enum branch kind, uint64_t reads, uint64_t writes)
{
    struct decoded d = of(UNIT_BRANCH, 1, reads, writes);
    d.branch = kind;
    return d;
}

/* Quadrant 0: loads and stores, and addresses on the stack. Its registers are 8 to 15. */
static struct decoded compressed_memory(const struct figures *f, unsigned code)
{
    const uint64_t data = bit(8 + (code >> 2 & 7)), base = bit(8 + (code >> 7 & 7));
    switch (code >> 13) {
    case 2:
        return of(UNIT_MEMORY, f->load_word, base, data);
    case 6:
        return of(UNIT_MEMORY, 1, base | data, 0);
    default:
        return of(UNIT_ALU, 1, bit(2), data);
    }
}

/* Quadrant 1: immediate operands, sums and differences, and branches. */
static struct decoded compressed_alu(unsigned code)
{
    const uint64_t any = bit(code >> 7 & 31), near = bit(8 + (code >> 7 & 7)), other = bit(8 + (code >> 2 & 7));
    switch (code >> 13) {
    case 1:
        return branch(BRANCH_JUMP, 0, bit(1));
    case 2:
        return of(UNIT_ALU, 1, 0, any);
    case 4:
        return of(UNIT_ALU, 1, near | ((code >> 10 & 3) == 3 ? other : 0), near);
    case 5:
        return branch(BRANCH_JUMP, 0, 0);
    case 6:
    case 7:
        return branch((code & 0x1000) != 0 ? BRANCH_BACK : BRANCH_FORWARD, near, 0);
    default:
        return of(UNIT_ALU, 1, any, any);
    }
}

/* Quadrant 2: the stack, moves, sums, and jumps to registers. */
static struct decoded compressed_stack(const struct figures *f, unsigned code)
{
    const uint64_t first = bit(code >> 7 & 31), second = bit(code >> 2 & 31);
    switch (code >> 13) {
    case 2:
        return of(UNIT_MEMORY, f->load_word, bit(2), first);
    case 4:
        if (second == 0) {
            return branch(BRANCH_JUMP, first, 0);
        }
        return of(UNIT_ALU, 1, ((code & 0x1000) != 0 ? first : 0) | second, first);
    case 6:
        return of(UNIT_MEMORY, 1, bit(2) | second, 0);
    default:
        return of(UNIT_ALU, 1, first, first);
    }
}

static struct decoded multiply(const struct figures *f, unsigned function, uint64_t reads, uint64_t writes)
{
    struct decoded d = of(UNIT_MULTIPLY, f->multiply, reads, writes);
    d.op.busy = f->multiplier;
    if (function >= 4) {
        d.op.busy = f->divide;
        d.op.latency = f->divide;
    }
    return d;
}

static struct decoded wide(const struct figures *f, uint32_t code)
{
    const uint64_t result = bit(code >> 7 & 31), first = bit(code >> 15 & 31), second = bit(code >> 20 & 31);
    const unsigned function = code >> 12 & 7;
    switch (code & 0x7F) {
    case 0x03:
        return of(UNIT_MEMORY, function == 2 ? f->load_word : f->load_part, first, result);
    case 0x23:
        return of(UNIT_MEMORY, 1, first | second, 0);
    case 0x33:
        return code >> 25 == 1 ? multiply(f, function, first | second, result)
                               : of(UNIT_ALU, 1, first | second, result);
    case 0x37:
    case 0x17:
        return of(UNIT_ALU, 1, 0, result);
    case 0x63:
        return branch(code >> 31 != 0 ? BRANCH_BACK : BRANCH_FORWARD, first | second, 0);
    case 0x67:
        return branch(BRANCH_JUMP, first, result);
    case 0x6F:
        return branch(BRANCH_JUMP, 0, result);
    default:
        return of(UNIT_ALU, 1, first, result);
    }
}

static struct decoded decode(const struct figures *f, uint32_t code)
{
    switch (code & 3) {
    case 0:
        return compressed_memory(f, code);
    case 1:
        return compressed_alu(code);
    case 2:
        return compressed_stack(f, code);
    default:
        return wide(f, code);
    }
}

static void branch_costs(const struct figures *f, enum branch kind, struct timing *timing)
{
    switch (kind) {
    case BRANCH_NONE:
        break;
    case BRANCH_JUMP:
        timing->taken = f->jump;
        break;
    case BRANCH_FORWARD:
        timing->taken = f->refill;
        break;
    case BRANCH_BACK:
        timing->taken = f->foresees ? 0 : f->refill;
        timing->straight = f->foresees ? f->refill : 0;
        break;
    }
}

static struct timing block(const struct timing_core *core, const uint8_t *const *codes, size_t count)
{
    static struct operation operations[TIMING_MOST_INSTRUCTIONS];
    struct timing timing = {0};
    size_t i;
    for (i = 0; i < count; i++) {
        const uint8_t *bytes = codes[i];
        const int is_wide = (bytes[0] & 3) == 3;
        const uint32_t high = is_wide ? (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24 : 0;
        const uint32_t code = bytes[0] | (uint32_t)bytes[1] << 8 | high;
        const struct decoded decoded = decode(core->figures, is_wide ? code : code & 0xFFFF);
        operations[i] = decoded.op;
        timing.bytes += is_wide ? 4 : 2;
        if (i + 1 == count) {
            branch_costs(core->figures, decoded.branch, &timing);
        }
    }
    timing.cycles = pipeline_run(operations, count, 1);
    return timing;
}

const struct timing_core riscv_cores[] = {
    {"fe310", "timing of SiFive E31 (FE310) by its manual; backward branches foreseen as taken", block, &e31},
    {"hazard3", "timing of Hazard3 (RP2350) by its documentation", block, &hazard3},
    {"esp32-c3", "approximation of ESP32-C3: one instruction a cycle, loads used after 2, taken branches 3", block,
     &esp32_c3},
    {NULL, NULL, NULL, NULL},
};
