/*
 * What a harness needs from the machine it runs on: files by name, a line of text, an exit code.
 * One harness thus serves the host (platform_host.c) and every simulated core (platform_semihosting.c).
 */
#ifndef THIMBLE_PLATFORM_H
#define THIMBLE_PLATFORM_H

#include <stdint.h>

/* The exit codes are far from 0 and 1, because sanitizers exit with 1, and below 128, where shells put signals. */
enum {
    EXIT_INPUTS_MISSING = 64, /* inputs.bin cannot be opened or read.                                   */
    EXIT_INPUTS_SIZE = 65,    /* inputs.bin is empty or not a whole number of samples.                  */
    EXIT_OUTPUT_FILE = 66,    /* trace.bin or outputs.bin cannot be written.                            */
    EXIT_INIT_FAILED = 67,    /* The model's init did not return 0.                                     */
    EXIT_GUARD_BEFORE = 68,   /* The bytes before the arena were overwritten.                           */
    EXIT_GUARD_AFTER = 69,    /* The bytes after the arena, or its unused tail, were overwritten.       */
    EXIT_FAULT = 70,          /* The processor took a fault; the start-up code prints where.            */
    EXIT_RUN_FAILED = 71,     /* Profile only: run did not return 0. Verify records the code instead.   */
    EXIT_NULL_POINTER = 72    /* The model gave no address for an input or an output.                   */
};

/* Opens a file of the current directory; a negative result says that it failed. */
int platform_open_read(const char *name);
int platform_open_write(const char *name);

/* The file's length in bytes, or a negative number. */
int64_t platform_size(int file);

/* Each moves all the bytes in one call and returns 1, or returns 0. */
int platform_read(int file, void *to, uint32_t bytes);
int platform_write(int file, const void *from, uint32_t bytes);

/* Returns 1, or 0 when buffered bytes could not be written. */
int platform_close(int file);

void platform_print(const char *text);

__attribute__((noreturn)) void platform_exit(int code);

#endif
