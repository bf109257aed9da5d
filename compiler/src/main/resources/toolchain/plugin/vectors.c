/* Decodes what of the RISC-V vector extension, version 1.0, says how many elements an instruction works on. */
#include "vectors.h"

enum { MAJOR_LOAD = 0x07, MAJOR_STORE = 0x27, MAJOR_VECTOR = 0x57, SET_TYPE = 7 };

static unsigned field(uint32_t code, unsigned low, unsigned bits)
{
    return code >> low & ((1u << bits) - 1);
}

static uint32_t code_at(const uint8_t *bytes)
{
    const uint32_t half = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8;
    /* Instructions of two bytes end in other bits than 11, and none of them is a vector's. */
    return (half & 3) != 3 ? 0 : half | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static int is_set(uint32_t code)
{
    return (code & 0x7F) == MAJOR_VECTOR && field(code, 12, 3) == SET_TYPE;
}

static int is_vector(uint32_t code)
{
    const unsigned width = field(code, 12, 3);
    switch (code & 0x7F) {
    case MAJOR_VECTOR:
        return width != SET_TYPE;
    case MAJOR_LOAD:
    case MAJOR_STORE:
        return width == 0 || width >= 5; /* The other widths are those of scalar floats. */
    default:
        return 0;
    }
}

/* Moves between a scalar register and the first element. */
static int is_of_one_element(uint32_t code)
{
    const unsigned operands = field(code, 12, 3);
    return (code & 0x7F) == MAJOR_VECTOR && field(code, 26, 6) == 0x10 && (operands == 2 || operands == 6);
}

/* The elements of a group of registers by the type that vsetvli or vsetivli names; 0 for a type in a register. */
static uint64_t most_elements(unsigned bits, uint32_t code)
{
    static const unsigned eighths[8] = {8, 16, 32, 64, 0, 1, 2, 4};
    const unsigned type = field(code, 20, 8);
    if (field(code, 25, 7) == 0x40) {
        return 0;
    }
    return (uint64_t)bits * eighths[type & 7] / 8 / (8u << (type >> 3 & 7));
}

struct vector_work vectors_of(unsigned bits, const uint8_t *const *codes, size_t count)
{
    struct vector_work work = {0, 0, 0};
    size_t i;
    for (i = 0; i < count && bits != 0; i++) {
        const uint32_t code = code_at(codes[i]);
        if (is_set(code)) {
            work.leaves = most_elements(bits, code);
        } else if (is_vector(code) && is_of_one_element(code)) {
            work.elements++;
        } else if (is_vector(code) && work.leaves == 0) {
            work.before++;
        } else if (is_vector(code)) {
            work.elements += work.leaves;
        }
    }
    return work;
}
