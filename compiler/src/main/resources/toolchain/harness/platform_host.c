/* The host's side of platform.h, on the C standard library. */
#include "platform.h"

#include <stdio.h>
#include <stdlib.h>

/* A harness has at most two files open, so a small table that only grows is enough. */
#define MAX_FILES 8

static FILE *files[MAX_FILES];
static int opened;

static int open_as(const char *name, const char *mode)
{
    if (opened == MAX_FILES) {
        return -1;
    }
    files[opened] = fopen(name, mode);
    return files[opened] == NULL ? -1 : opened++;
}

int platform_open_read(const char *name)
{
    return open_as(name, "rb");
}

int platform_open_write(const char *name)
{
    return open_as(name, "wb");
}

int64_t platform_size(int file)
{
    long size;
    if (fseek(files[file], 0, SEEK_END) != 0) {
        return -1;
    }
    size = ftell(files[file]);
    return fseek(files[file], 0, SEEK_SET) == 0 ? (int64_t)size : -1;
}

int platform_read(int file, void *to, uint32_t bytes)
{
    return fread(to, 1, bytes, files[file]) == bytes;
}

int platform_write(int file, const void *from, uint32_t bytes)
{
    return fwrite(from, 1, bytes, files[file]) == bytes;
}

int platform_close(int file)
{
    return fclose(files[file]) == 0;
}

void platform_print(const char *text)
{
    (void)fputs(text, stderr);
}

void platform_exit(int code)
{
    exit(code);
}
