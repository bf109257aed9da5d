/* Which of the core's registers Thumb instructions read and write. Those of floating point and Helium are left out. */
#include "pipeline.h"
#include "thumb.h"

#define STACK_POINTER 13u
#define PROGRAM_COUNTER 15u

static uint64_t bit(unsigned number)
{
    return number == PROGRAM_COUNTER ? 0 : (uint64_t)1 << number;
}

static struct thumb_registers of(uint64_t reads, uint64_t writes)
{
    const struct thumb_registers registers = {reads, writes};
    return registers;
}

/* Loads and stores of one register: a store reads what a load writes. */
static struct thumb_registers transfer(int is_load, unsigned data, uint64_t address)
{
    return is_load ? of(address, bit(data)) : of(address | bit(data), 0);
}

/* Encodings 000 and 001: shifts, sums and comparisons. */
static struct thumb_registers narrow_immediate(unsigned code)
{
    const unsigned low = code & 7, middle = code >> 3 & 7, high = code >> 8 & 7;
    if (code >> 13 == 0) {
        const uint64_t third = code >> 10 == 6 || code >> 9 == 12 || code >> 9 == 13 ? bit(code >> 6 & 7) : 0;
        return of(bit(middle) | third, bit(low) | PIPELINE_FLAGS);
    }
    switch (code >> 11 & 3) {
    case 0:
        return of(0, bit(high) | PIPELINE_FLAGS);
    case 1:
        return of(bit(high), PIPELINE_FLAGS);
    default:
        return of(bit(high), bit(high) | PIPELINE_FLAGS);
    }
}

/* Encodings 0100: operations of two registers, and literals. */
static struct thumb_registers narrow_registers(unsigned code)
{
    const unsigned low = code & 7, middle = code >> 3 & 7, operation = code >> 6 & 15;
    const unsigned high = (code >> 4 & 8) | low, any = code >> 3 & 15;
    if (code >> 11 == 9) {
        return of(0, bit(code >> 8 & 7));
    }
    if (code >> 10 == 16) {
        const int only_compares = operation == 8 || operation == 10 || operation == 11;
        return of(bit(low) | bit(middle), (only_compares ? 0 : bit(low)) | PIPELINE_FLAGS);
    }
    switch (code >> 8 & 3) {
    case 0:
        return of(bit(high) | bit(any), bit(high));
    case 1:
        return of(bit(high) | bit(any), PIPELINE_FLAGS);
    case 2:
        return of(bit(any), bit(high));
    default:
        return of(bit(any), 0);
    }
}

static struct thumb_registers narrow(unsigned code)
{
    const unsigned low = code & 7, middle = code >> 3 & 7, high = code >> 8 & 7, top = code >> 12;
    switch (top) {
    case 0:
    case 1:
    case 2:
    case 3:
        return narrow_immediate(code);
    case 4:
        return narrow_registers(code);
    case 5:
        return transfer((code >> 9 & 7) >= 3, low, bit(middle) | bit(code >> 6 & 7));
    case 6:
    case 7:
    case 8:
        return transfer(code >> 11 & 1, low, bit(middle));
    case 9:
        return transfer(code >> 11 & 1, high, bit(STACK_POINTER));
    case 10:
        return of(bit(STACK_POINTER), bit(high));
    case 11:
        return (code & 0xF600) == 0xB400 ? of(bit(STACK_POINTER), (code & 0x0800) != 0 ? code & 0xFF : 0)
                                         : of(bit(middle), (code & 0xFF00) == 0xB200 ? bit(low) : 0);
    case 12:
        return of(bit(high), (code & 0x0800) != 0 ? code & 0xFF : 0);
    default:
        return of(top == 13 ? PIPELINE_FLAGS : 0, 0);
    }
}

/* Encodings 1111 1011: multiplications and divisions. */
static struct thumb_registers wide_multiply(unsigned first, unsigned second)
{
    const uint64_t factors = bit(first & 15) | bit(second & 15);
    const uint64_t high = bit(second >> 8 & 15), low = bit(second >> 12);
    const int is_long = (first & 0x0080) != 0;
    const int accumulates = (first & 0x0040) != 0;
    if (!is_long) {
        return of(factors | low, high);
    }
    return (first & 0x00D0) == 0x0090 ? of(factors, high) : of(factors | (accumulates ? high | low : 0), high | low);
}

/* Encodings 1111 0: immediate operands; a move of 16 bits has a part of its operand where others name a register. */
static struct thumb_registers wide_immediate(unsigned first, unsigned second)
{
    const uint64_t result = bit(second >> 8 & 15);
    if ((first & 0xFBF0) == 0xF240) {
        return of(0, result);
    }
    return (first & 0xFBF0) == 0xF2C0 ? of(result, result) : of(bit(first & 15), result | PIPELINE_FLAGS);
}

static struct thumb_registers wide(unsigned first, unsigned second)
{
    const uint64_t base = bit(first & 15);
    const uint64_t result = bit(second >> 8 & 15);
    if ((first & 0xFE00) == 0xE800) {
        const int is_pair = (first & 0x0040) != 0;
        const uint64_t moved = is_pair ? bit(second >> 12) | result : second & 0x7FFF;
        return (first & 0x0010) != 0 ? of(base, moved) : of(base | moved, 0);
    }
    if ((first & 0xFE00) == 0xEA00) {
        const uint64_t flags = (first & 0x0010) != 0 ? PIPELINE_FLAGS : 0;
        return of(base | bit(second & 15), result | flags);
    }
    if ((first & 0xF800) == 0xF000) {
        return (second & 0x8000) != 0 ? of(PIPELINE_FLAGS, 0) : wide_immediate(first, second);
    }
    if ((first & 0xFE00) == 0xF800) {
        const int from_register = (first & 0x0080) == 0 && (second & 0x0FC0) == 0;
        return transfer(first >> 4 & 1, second >> 12, base | (from_register ? bit(second & 15) : 0));
    }
    if ((first & 0xFF00) == 0xFA00) {
        return of(base | bit(second & 15), result);
    }
    return (first & 0xFF00) == 0xFB00 ? wide_multiply(first, second) : of(0, 0);
}

struct thumb_registers thumb_registers(struct thumb_code code)
{
    return code.bytes == 2 ? narrow(code.first) : wide(code.first, code.second);
}
