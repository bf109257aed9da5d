/*
 * Reading inputs.bin, which both harnesses do: samples one after the other, and within a sample the bytes of input 0,
 * input 1, … without padding. The includer has included model_under_test.h, whose contract is in its test example.
 */
#ifndef THIMBLE_SAMPLE_H
#define THIMBLE_SAMPLE_H

#include "platform.h"

/* Ends the program with the code unless the condition holds, so that the callers read as a plain sequence. */
static inline void require(int condition, int code)
{
    if (!condition) {
        platform_exit(code);
    }
}

/* The bytes of a sample in the file; a model without inputs has one, which nobody reads. */
static inline uint32_t sample_bytes(void)
{
    uint32_t bytes = 0;
    int i;
    for (i = 0; i < MUT_INPUTS; i++) {
        bytes += mut_input_bytes[i];
    }
    return bytes > 0 ? bytes : 1;
}

/* Opens inputs.bin and stores the number of samples that it holds, which is at least one. */
static inline int open_samples(uint32_t *samples)
{
    const int file = platform_open_read("inputs.bin");
    const uint32_t each = sample_bytes();
    int64_t size;
    require(file >= 0, EXIT_INPUTS_MISSING);
    size = platform_size(file);
    require(size > 0 && (each == 0 || size % each == 0), EXIT_INPUTS_SIZE);
    /* A model without inputs has a byte for each sample. */
    *samples = (uint32_t)(each == 0 ? size : size / each);
    return file;
}

static inline void read_sample(int file, MUT_ARENA *arena)
{
    int i;
    for (i = 0; i < MUT_INPUTS; i++) {
        void *input = mut_input(arena, i);
        require(input != 0, EXIT_NULL_POINTER);
        require(platform_read(file, input, mut_input_bytes[i]), EXIT_INPUTS_MISSING);
    }
}

#endif
