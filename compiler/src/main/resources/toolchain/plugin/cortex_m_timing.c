/*
 * A decoder of Thumb encodings that is as fine as the timing tables of Arm's Technical Reference Manuals are, and those
 * tables. Ranges are averaged: a taken branch refills the pipeline in 1 to 3 cycles, a division takes 2 to 12.
 */
#include "cortex_m_timing.h"

#include <stddef.h>
#include <string.h>

static const struct core_timing cores[] = {
    /*               alu mul mac long div load st  str mult tb  f  pair fmac fdiv  pipelined taken */
    {"cortex-m0",     {1, 1,  1,  1,  1,  2,   2,  2,  1,   1,  1, 1,   1,   1},   0,        2},
    {"cortex-m0plus", {1, 1,  1,  1,  1,  2,   2,  2,  1,   1,  1, 1,   1,   1},   0,        1},
    {"cortex-m3",     {1, 1,  2,  5,  7,  2,   1,  2,  1,   2,  1, 1,   1,   1},   1,        2},
    {"cortex-m4",     {1, 1,  1,  1,  7,  2,   1,  2,  1,   2,  1, 2,   3,   14},  1,        2},
};

const struct core_timing *core_timing_find(const char *name)
{
    size_t i;
    for (i = 0; i < sizeof cores / sizeof cores[0]; i++) {
        if (strcmp(cores[i].name, name) == 0) {
            return &cores[i];
        }
    }
    return NULL;
}

static unsigned count_bits(uint32_t bits)
{
    unsigned count = 0;
    for (; bits != 0; bits &= bits - 1) {
        count++;
    }
    return count;
}

static struct timing simple(enum timing_kind kind)
{
    const struct timing timing = {.kind = kind};
    return timing;
}

static struct timing multiple(unsigned words)
{
    const struct timing timing = {.kind = TIMING_MULTIPLE, .words = words};
    return timing;
}

static struct timing single(int is_load, unsigned data, uint32_t address, int offset_in_register)
{
    struct timing timing = {.address = address};
    timing.kind = is_load ? TIMING_LOAD : offset_in_register ? TIMING_STORE_REGISTER : TIMING_STORE;
    timing.loaded = is_load ? 1u << data : 0;
    return timing;
}

/* Encodings 0101 to 1001: loads and stores of one register. */
static struct timing decode_narrow_single(unsigned code)
{
    const uint32_t base = 1u << (code >> 3 & 7);
    if (code >> 12 == 5) {
        return single((code >> 9 & 7) >= 3, code & 7, base | 1u << (code >> 6 & 7), 1);
    }
    if (code >> 12 == 9) {
        return single(code >> 11 & 1, code >> 8 & 7, 1u << 13, 0);
    }
    return single(code >> 11 & 1, code & 7, base, 0);
}

static struct timing decode_narrow(unsigned code)
{
    const unsigned top = code >> 12;
    if (top >= 5 && top <= 9) {
        return decode_narrow_single(code);
    }
    if (code >> 11 == 9) {
        return single(1, code >> 8 & 7, 1u << 15, 0);
    }
    if ((code & 0xF600) == 0xB400) {
        return multiple(count_bits(code & 0x1FF));
    }
    if (top == 12) {
        return multiple(count_bits(code & 0xFF));
    }
    return simple((code & 0xFFC0) == 0x4340 ? TIMING_MULTIPLY : TIMING_ALU);
}

/* Encodings 1110 100: several registers, pairs, exclusive accesses and table branches. */
static struct timing decode_wide_multiple(unsigned first, unsigned second)
{
    if ((first & 0x0040) == 0) {
        return multiple(count_bits(second));
    }
    if ((first & 0x0120) != 0) {
        return multiple(2);
    }
    if ((first & 0xFFF0) == 0xE8D0 && (second & 0xFFE0) == 0xF000) {
        return simple(TIMING_TABLE_BRANCH);
    }
    return single(first >> 4 & 1, second >> 12, 1u << (first & 15), 0);
}

/* Encodings 1110 110 of the floating-point unit: loads, stores and moves of register pairs. */
static struct timing decode_float_transfer(unsigned first, unsigned second)
{
    if ((first & 0xFFE0) == 0xEC40) {
        return simple(TIMING_FLOAT_PAIR_MOVE);
    }
    if ((first & 0x0120) == 0x0100) {
        return multiple((second & 0x0100) != 0 ? 2 : 1);
    }
    return multiple(second & 0xFF);
}

/* Encodings 1110 1110 of the floating-point unit: arithmetic and moves of one core register. */
static struct timing decode_float_arithmetic(unsigned first, unsigned second)
{
    const int is_square_root = (first & 0x000F) == 1 && (second & 0x00C0) == 0x00C0;
    if ((second & 0x0010) != 0) {
        return simple(TIMING_FLOAT);
    }
    switch (first & 0x00B0) {
    case 0x0000:
    case 0x0010:
    case 0x0090:
    case 0x00A0:
        return simple(TIMING_FLOAT_MAC);
    case 0x0080:
        return simple(TIMING_FLOAT_DIVIDE);
    case 0x00B0:
        return simple(is_square_root ? TIMING_FLOAT_DIVIDE : TIMING_FLOAT);
    default:
        return simple(TIMING_FLOAT);
    }
}

/* Encodings 1111 100: loads and stores of one register, and preload hints, which do nothing on these cores. */
static struct timing decode_wide_single(unsigned first, unsigned second)
{
    const int is_load = (first & 0x0010) != 0;
    const int from_code = (first & 15) == 15;
    const int offset_in_register = !from_code && (first & 0x0080) == 0 && (second & 0x0FC0) == 0;
    const uint32_t index = offset_in_register ? 1u << (second & 15) : 0;
    if (is_load && second >> 12 == 15 && (first & 0x0060) != 0x0040) {
        return simple(TIMING_ALU);
    }
    return single(is_load, second >> 12, 1u << (first & 15) | index, offset_in_register);
}

static struct timing decode_multiply(unsigned first, unsigned second)
{
    if ((first & 0x0080) == 0) {
        return simple((first & 0x0070) == 0 && second >> 12 == 15 ? TIMING_MULTIPLY : TIMING_MAC);
    }
    return simple((first & 0x00D0) == 0x0090 && (second & 0x00F0) == 0x00F0 ? TIMING_DIVIDE : TIMING_LONG_MULTIPLY);
}

static struct timing decode_wide(unsigned first, unsigned second)
{
    if ((first & 0xFE00) == 0xE800) {
        return decode_wide_multiple(first, second);
    }
    if ((first & 0xFE00) == 0xEC00) {
        return decode_float_transfer(first, second);
    }
    if ((first & 0xFF00) == 0xEE00) {
        return decode_float_arithmetic(first, second);
    }
    if ((first & 0xFE00) == 0xF800) {
        return decode_wide_single(first, second);
    }
    if ((first & 0xFF00) == 0xFB00) {
        return decode_multiply(first, second);
    }
    return simple(TIMING_ALU);
}

struct timing timing_decode(const uint8_t *code)
{
    const unsigned first = code[0] | (unsigned)code[1] << 8;
    const int is_wide = first >> 11 >= 0x1D;
    struct timing timing = is_wide ? decode_wide(first, code[2] | (unsigned)code[3] << 8) : decode_narrow(first);
    timing.bytes = is_wide ? 4 : 2;
    return timing;
}

/*
 * A load's data phase overlaps with the address phase of a load or store that follows at once, unless that one needs
 * the loaded register for its address. Nothing overlaps with a store that way, because a store is buffered.
 */
unsigned timing_cycles(const struct core_timing *core, const struct timing *previous, const struct timing *now)
{
    const int is_single =
        now->kind == TIMING_LOAD || now->kind == TIMING_STORE || now->kind == TIMING_STORE_REGISTER;
    if (is_single && core->pipelined != 0 && previous != NULL && previous->kind == TIMING_LOAD &&
        (previous->loaded & now->address) == 0) {
        return core->pipelined;
    }
    return core->cycles[now->kind] + now->words;
}
