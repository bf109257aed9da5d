/*
 * The program behind `thimble verify`: runs a model on every sample of inputs.bin and writes what it computed to
 * trace.bin, a stream of records, all numbers little-endian:
 *
 *     uint32 id, uint32 offset, uint32 bytes, then the bytes.
 *
 * Per sample come, in this order, the values as the model's trace hook gives them (id: the value's number, offset: the
 * position in its tensor in bytes), each output (id 0x80000000 + index) and the return code of run (id 0xC0000000,
 * four bytes), which so also ends the sample.
 *
 * A model that keeps state runs all samples in one arena that is initialised once; others begin anew with each.
 */
#define MUT_SPOIL_ROWS
#include "model_under_test.h"
#include "sample.h"

#include <string.h>

#define ID_OUTPUT 0x80000000u
#define ID_RETURN_CODE 0xC0000000u

#define GUARD_BYTES 64u
#define GUARD_PATTERN 0xC3
#define POISON_PATTERN 0xA5

/* The arena's used bytes may be fewer than its type, which is padded to its alignment. */
#ifndef MUT_ARENA_USED
#define MUT_ARENA_USED sizeof(MUT_ARENA)
#endif

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, bytes) ((void)0)
#define ASAN_UNPOISON_MEMORY_REGION(address, bytes) ((void)0)
#endif

/* Memory of the model between two guards; of its size, the model may use so many bytes. */
struct guarded {
    uint8_t *before;
    uint8_t *memory;
    size_t size;
    size_t used;
    uint8_t *after;
};

#define GUARDED(variable, bytes) \
    {(variable).before, (uint8_t *)&(variable).memory, sizeof (variable).memory, bytes, (variable).after}

#ifdef MUT_REGIONS /* The arena points to a part in each of several memories. */
#define DEFINE(region, type, bytes) \
    static struct { uint8_t before[GUARD_BYTES]; type memory; uint8_t after[GUARD_BYTES]; } guarded_##region;
MUT_REGIONS(DEFINE)
#define POINTER(region, type, bytes) &guarded_##region.memory,
static MUT_ARENA arena = {MUT_REGIONS(POINTER)};
#define ROW(region, type, bytes) GUARDED(guarded_##region, bytes),
static const struct guarded guards[] = {MUT_REGIONS(ROW)};
static MUT_ARENA *const the_arena = &arena;
#else
static struct {
    uint8_t before[GUARD_BYTES];
    MUT_ARENA memory;
    uint8_t after[GUARD_BYTES];
} guarded_arena;
static const struct guarded guards[] = {GUARDED(guarded_arena, MUT_ARENA_USED)};
static MUT_ARENA *const the_arena = &guarded_arena.memory;
#endif

#define GUARDS (sizeof guards / sizeof guards[0])

/* A streamed model traces a row at a time, and each write stops a simulated core: small records are gathered here. */
static uint8_t buffer[8192];
static uint32_t buffered;
static int trace_file;

/* The prototype that the generated code declares; without it the definition below would draw a warning. */
void MUT_TRACE(int32_t value, uint32_t offset, const void *data, uint32_t bytes);

static void flush_trace(void)
{
    require(platform_write(trace_file, buffer, buffered), EXIT_OUTPUT_FILE);
    buffered = 0;
}

static void write_bytes(const void *data, uint32_t bytes)
{
    if (bytes > sizeof buffer - buffered) {
        flush_trace();
    }
    if (bytes > sizeof buffer) {
        require(platform_write(trace_file, data, bytes), EXIT_OUTPUT_FILE);
        return;
    }
    memcpy(buffer + buffered, data, bytes);
    buffered += bytes;
}

static void put_u32(uint8_t *to, uint32_t number)
{
    to[0] = (uint8_t)number;
    to[1] = (uint8_t)(number >> 8);
    to[2] = (uint8_t)(number >> 16);
    to[3] = (uint8_t)(number >> 24);
}

static void write_record(uint32_t id, uint32_t offset, const void *data, uint32_t bytes)
{
    uint8_t header[12];
    put_u32(header, id);
    put_u32(header + 4, offset);
    put_u32(header + 8, bytes);
    write_bytes(header, sizeof header);
    write_bytes(data, bytes);
}

void MUT_TRACE(int32_t value, uint32_t offset, const void *data, uint32_t bytes)
{
    write_record((uint32_t)value, offset, data, bytes);
}

static int all_equal(const uint8_t *bytes, size_t count, uint8_t pattern)
{
    size_t i;
    for (i = 0; i < count; i++) {
        if (bytes[i] != pattern) {
            return 0;
        }
    }
    return 1;
}

/* The poison makes a read of a byte that the model never wrote show up as a wrong result. */
static void prepare_arena(void)
{
    size_t i;
    for (i = 0; i < GUARDS; i++) {
        const struct guarded *g = &guards[i];
        memset(g->before, GUARD_PATTERN, GUARD_BYTES);
        memset(g->memory, POISON_PATTERN, g->size);
        memset(g->after, GUARD_PATTERN, GUARD_BYTES);
        ASAN_POISON_MEMORY_REGION(g->before, GUARD_BYTES);
        ASAN_POISON_MEMORY_REGION(g->memory + g->used, g->size - g->used);
        ASAN_POISON_MEMORY_REGION(g->after, GUARD_BYTES);
    }
}

static void check_guards(void)
{
    size_t i;
    for (i = 0; i < GUARDS; i++) {
        const struct guarded *g = &guards[i];
        ASAN_UNPOISON_MEMORY_REGION(g->before, GUARD_BYTES);
        ASAN_UNPOISON_MEMORY_REGION(g->memory, g->size);
        ASAN_UNPOISON_MEMORY_REGION(g->after, GUARD_BYTES);
        require(all_equal(g->before, GUARD_BYTES, GUARD_PATTERN), EXIT_GUARD_BEFORE);
        require(all_equal(g->memory + g->used, g->size - g->used, POISON_PATTERN), EXIT_GUARD_AFTER);
        require(all_equal(g->after, GUARD_BYTES, GUARD_PATTERN), EXIT_GUARD_AFTER);
    }
}

static void write_results(int return_code)
{
    uint8_t code[4];
    int i;
    for (i = 0; i < MUT_OUTPUTS; i++) {
        const void *output = mut_output(the_arena, i);
        require(output != 0, EXIT_NULL_POINTER);
        write_record(ID_OUTPUT + (uint32_t)i, 0, output, mut_output_bytes[i]);
    }
    put_u32(code, (uint32_t)return_code);
    write_record(ID_RETURN_CODE, 0, code, sizeof code);
}

#ifdef MUT_KEEPS_STATE
#define BEGINS(sample) ((sample) == 0)
#else
#define BEGINS(sample) 1
#endif

int main(void)
{
    uint32_t samples;
    uint32_t sample;
    const int inputs = open_samples(&samples);
    trace_file = platform_open_write("trace.bin");
    require(trace_file >= 0, EXIT_OUTPUT_FILE);
    for (sample = 0; sample < samples; sample++) {
        int return_code;
        if (BEGINS(sample)) {
            prepare_arena();
            require(MUT_INIT(the_arena) == 0, EXIT_INIT_FAILED);
        }
        read_sample(inputs, the_arena);
        return_code = MUT_RUN(the_arena);
        write_results(return_code);
        if (BEGINS(sample + 1) || sample + 1 == samples) {
            check_guards();
        }
    }
    flush_trace();
    require(platform_close(trace_file), EXIT_OUTPUT_FILE);
    return 0;
}
