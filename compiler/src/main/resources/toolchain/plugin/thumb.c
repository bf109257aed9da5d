/* A decoder of Thumb encodings: see thumb.h. */
#include "thumb.h"

static unsigned count_bits(uint32_t bits)
{
    unsigned count = 0;
    for (; bits != 0; bits &= bits - 1) {
        count++;
    }
    return count;
}

static struct thumb simple(enum thumb_kind kind)
{
    const struct thumb thumb = {.kind = kind};
    return thumb;
}

static struct thumb multiple(unsigned words)
{
    const struct thumb thumb = {.kind = THUMB_MULTIPLE, .words = words};
    return thumb;
}

static struct thumb single(int is_load, unsigned data, uint32_t address, int offset_in_register)
{
    struct thumb thumb = {.address = address};
    thumb.kind = is_load ? THUMB_LOAD : offset_in_register ? THUMB_STORE_REGISTER : THUMB_STORE;
    thumb.loaded = is_load ? 1u << data : 0;
    return thumb;
}

/* Encodings 0101 to 1001: loads and stores of one register. */
static struct thumb decode_narrow_single(unsigned code)
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

static struct thumb decode_narrow(unsigned code)
{
    const unsigned top = code >> 12;
    const int is_branch = top == 13 || code >> 11 == 0x1C || (code & 0xFF00) == 0x4700 || (code & 0xF500) == 0xB100;
    if (is_branch) {
        return simple(THUMB_BRANCH);
    }
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
    return simple((code & 0xFFC0) == 0x4340 ? THUMB_MULTIPLY : THUMB_ALU);
}

/* Encodings 1110 100: several registers, pairs, exclusive accesses and table branches. */
static struct thumb decode_wide_multiple(unsigned first, unsigned second)
{
    if ((first & 0x0040) == 0) {
        return multiple(count_bits(second));
    }
    if ((first & 0x0120) != 0) {
        return multiple(2);
    }
    if ((first & 0xFFF0) == 0xE8D0 && (second & 0xFFE0) == 0xF000) {
        return simple(THUMB_TABLE_BRANCH);
    }
    return single(first >> 4 & 1, second >> 12, 1u << (first & 15), 0);
}

/* Encodings 1110 110 of the floating-point unit: loads, stores and moves of register pairs. */
static struct thumb decode_float_transfer(unsigned first, unsigned second)
{
    if ((first & 0xFFE0) == 0xEC40) {
        return simple(THUMB_FLOAT_PAIR_MOVE);
    }
    if ((first & 0x0120) == 0x0100) {
        return multiple((second & 0x0100) != 0 ? 2 : 1);
    }
    return multiple(second & 0xFF);
}

/* Encodings 1110 1110 of the floating-point unit: arithmetic and moves of one core register. */
static struct thumb decode_float_arithmetic(unsigned first, unsigned second)
{
    const int is_square_root = (first & 0x000F) == 1 && (second & 0x00C0) == 0x00C0;
    if ((second & 0x0010) != 0) {
        return simple(THUMB_FLOAT);
    }
    switch (first & 0x00B0) {
    case 0x0000:
    case 0x0010:
    case 0x0090:
    case 0x00A0:
        return simple(THUMB_FLOAT_MAC);
    case 0x0080:
        return simple(THUMB_FLOAT_DIVIDE);
    case 0x00B0:
        return simple(is_square_root ? THUMB_FLOAT_DIVIDE : THUMB_FLOAT);
    default:
        return simple(THUMB_FLOAT);
    }
}

/* Encodings 1111 100: loads and stores of one register, and preload hints, which do nothing on these cores. */
static struct thumb decode_wide_single(unsigned first, unsigned second)
{
    const int is_load = (first & 0x0010) != 0;
    const int from_code = (first & 15) == 15;
    const int offset_in_register = !from_code && (first & 0x0080) == 0 && (second & 0x0FC0) == 0;
    const uint32_t index = offset_in_register ? 1u << (second & 15) : 0;
    if (is_load && second >> 12 == 15 && (first & 0x0060) != 0x0040) {
        return simple(THUMB_ALU);
    }
    return single(is_load, second >> 12, 1u << (first & 15) | index, offset_in_register);
}

static struct thumb decode_multiply(unsigned first, unsigned second)
{
    if ((first & 0x0080) == 0) {
        return simple((first & 0x0070) == 0 && second >> 12 == 15 ? THUMB_MULTIPLY : THUMB_MAC);
    }
    return simple((first & 0x00D0) == 0x0090 && (second & 0x00F0) == 0x00F0 ? THUMB_DIVIDE : THUMB_LONG_MULTIPLY);
}

/* Helium's loads and stores; those of scattered elements neither precompute nor write back their base. */
static struct thumb decode_vector_transfer(unsigned first, unsigned second)
{
    const int is_gather = (second & 0x1000) == 0 && (first & 0x0120) == 0;
    struct thumb thumb = simple(is_gather ? THUMB_VECTOR_GATHER : THUMB_VECTOR_MEMORY);
    thumb.address = 1u << (first & 15);
    return thumb;
}

static int is_vector_arithmetic(unsigned first, unsigned second)
{
    const unsigned top = first & 0xEF00;
    return top == 0xEF00 || (top == 0xEE00 && (second & 0x0E00) != 0x0A00);
}

static struct thumb decode_wide(unsigned first, unsigned second)
{
    if ((first & 0xEE00) == 0xEC00 && (second & 0x0E00) == 0x0E00) {
        return decode_vector_transfer(first, second);
    }
    if (is_vector_arithmetic(first, second)) {
        return simple(THUMB_VECTOR);
    }
    if ((first & 0xFFC0) == 0xF000 && (second & 0xF001) == 0xC001) {
        return simple((first & 0x0040) == 0 ? THUMB_LOOP_END : THUMB_BRANCH);
    }
    if ((first & 0xF800) == 0xF000 && (second & 0x8000) != 0) {
        return simple(THUMB_BRANCH);
    }
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
    return simple(THUMB_ALU);
}

struct thumb_code thumb_fetch(const uint8_t *bytes)
{
    struct thumb_code code = {.first = bytes[0] | (unsigned)bytes[1] << 8, .bytes = 2};
    if (code.first >> 11 >= 0x1D) {
        code.second = bytes[2] | (unsigned)bytes[3] << 8;
        code.bytes = 4;
    }
    return code;
}

struct thumb thumb_decode(struct thumb_code code)
{
    struct thumb thumb = code.bytes == 4 ? decode_wide(code.first, code.second) : decode_narrow(code.first);
    thumb.bytes = code.bytes;
    return thumb;
}
