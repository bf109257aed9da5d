/*
 * The counting plugin's settings, read from a text file of one setting a line, numbers in C notation:
 *
 *     out FILE                where the counts go
 *     cpu NAME                whose cycles to estimate, as timing.h knows them; without it, or for others, they are 0
 *     vector BITS             the length of RISC-V vector registers; without it their work is not counted
 *     begin ADDRESS           entry of the marker after which counting starts
 *     end ADDRESS             entry of the marker at which counting stops
 *     node INDEX ADDRESS      entry of a function that runs node INDEX; repeatable, also for one node's second function
 *     run LOW HIGH            [LOW, HIGH) calls the nodes: its instructions belong to no node; repeatable
 *     skip LOW HIGH           [LOW, HIGH) is not counted at all; repeatable
 *     stack LOW HIGH          the stack's range
 *     region NAME LOW HIGH    a memory region whose accesses are counted apart; repeatable, the first match wins
 *
 * A file and not plugin arguments, because QEMU splits those at commas, gives some names a meaning of its own, and a
 * network has more nodes than a command line is good for.
 */
#ifndef THIMBLE_SETTINGS_H
#define THIMBLE_SETTINGS_H

#include <stddef.h>
#include <stdint.h>

#define MAX_RANGES 64
#define MAX_REGIONS 16
#define MAX_NODES 4096
#define NO_ADDRESS UINT64_MAX

struct range {
    uint64_t low, high;
};

struct region {
    char name[32];
    struct range range;
};

struct node_entry {
    int index;
    uint64_t address;
};

struct settings {
    char out[4096];
    char cpu[32];
    unsigned vector_bits; /* 0: none */
    uint64_t begin, end;
    struct range stack;
    struct range run[MAX_RANGES], skip[MAX_RANGES];
    size_t runs, skips;
    struct region regions[MAX_REGIONS];
    size_t region_count;
    struct node_entry nodes[MAX_NODES];
    size_t node_count;
};

/* Returns 1, or prints to stderr what is wrong and returns 0. */
int settings_read(struct settings *settings, const char *file_name);

static inline int range_contains(const struct range *range, uint64_t address)
{
    return address >= range->low && address < range->high;
}

#endif
