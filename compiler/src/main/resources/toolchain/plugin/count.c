/*
 * A QEMU plugin that counts, between two markers in the guest program, what a model's inference executes: instructions,
 * loads, stores, unaligned accesses, peak stack, and an estimate of the cycles, in total and per node of the network.
 *
 * QEMU runs guest code in blocks that are entered at their first instruction and left after their last, so one call per
 * block counts instructions exactly. A block that does not begin where the one before ended was reached by a taken
 * branch. The model runs on one core, without interrupts, hence the plain global state.
 */
#include "qemu_plugin_v1.h"
#include "settings.h"
#include "timing.h"
#include "vectors.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

PLUGIN_EXPORT int qemu_plugin_version = 1;

struct tally {
    uint64_t instructions, cycles, loads, stores, unaligned;
    uint64_t elements; /* of vector instructions, at most */
    uint64_t lowest_stack; /* the lowest stack address stored to */
};

struct region_tally {
    uint64_t loads, stores, load_bytes, store_bytes;
};

enum role { ROLE_PLAIN, ROLE_BEGIN, ROLE_END, ROLE_SKIP };

struct block {
    uint64_t start, end;
    uint64_t instructions, cycles;
    struct vector_work vectors;
    unsigned taken, straight; /* cycles of its last branch besides, when it is taken and when not */
    struct tally *entered; /* the node that begins here, or what counts outside nodes, or NULL: nothing changes */
    enum role role;
};

static struct settings settings;
static const struct timing_core *core; /* NULL: no cycles are estimated */

static struct tally outside; /* code between the markers that belongs to no node */
static struct tally nodes[MAX_NODES];
static struct region_tally regions[MAX_REGIONS + 1]; /* the last is for addresses in none of them */

static uint64_t windows;      /* how often the begin marker was passed                      */
static int in_window;         /* between the markers                                        */
static int at_begin;          /* the begin marker itself is running                         */
static uint64_t stack_base;   /* the stack pointer of the model's caller                    */
static struct tally *current; /* whom the next counted block belongs to                     */
static uint64_t operand;             /* the elements of a vector instruction, at most       */
static const struct block *previous; /* the block before, or NULL                           */
static struct tally *active;  /* whom the running block counts for; NULL: it is not counted */

static void start_window(void)
{
    windows++;
    in_window = 1;
    at_begin = 1;
    current = &outside;
}

/* Returns whether the block is to be counted. */
static int follow_role(const struct block *block)
{
    at_begin = 0;
    if (block->role == ROLE_BEGIN) {
        start_window();
    } else if (block->role == ROLE_END) {
        in_window = 0;
    }
    return in_window && block->role == ROLE_PLAIN;
}

/* The elements of the block's vector instructions; code that is not counted sets their type too. */
static uint64_t vector_elements(const struct block *block)
{
    const uint64_t elements = block->vectors.before * operand + block->vectors.elements;
    if (block->vectors.leaves != 0) {
        operand = block->vectors.leaves;
    }
    return elements;
}

static void block_executed(unsigned int cpu, void *data)
{
    const struct block *block = data;
    const uint64_t elements = vector_elements(block);
    (void)cpu;
    /* The branch that led here belongs to the block before, also when this one is not counted. */
    if (active != NULL && core != NULL && previous != NULL) {
        active->cycles += block->start == previous->end ? previous->straight : previous->taken;
    }
    previous = block;
    if ((block->role != ROLE_PLAIN || at_begin || !in_window) && !follow_role(block)) {
        active = NULL;
        return;
    }
    if (block->entered != NULL) {
        current = block->entered;
    }
    current->instructions += block->instructions;
    current->cycles += block->cycles;
    current->elements += elements;
    active = current;
}

static struct region_tally *region_of(uint64_t address)
{
    size_t i;
    for (i = 0; i < settings.region_count; i++) {
        if (range_contains(&settings.regions[i].range, address)) {
            return &regions[i];
        }
    }
    return &regions[MAX_REGIONS];
}

/* The core moves eight bytes as two words, so these need be aligned to four only. */
static void note_alignment(uint64_t address, unsigned size)
{
    const unsigned unit = size < 4 ? size : 4;
    active->unaligned += (address & (unit - 1)) != 0;
}

static void loaded(uint64_t address, unsigned size)
{
    struct region_tally *region = region_of(address);
    active->loads++;
    region->loads++;
    region->load_bytes += size;
}

static void stored(uint64_t address, unsigned size)
{
    struct region_tally *region = region_of(address);
    active->stores++;
    region->stores++;
    region->store_bytes += size;
    if (address < active->lowest_stack && range_contains(&settings.stack, address)) {
        active->lowest_stack = address;
    }
}

/* The begin marker pushes one word, for this purpose alone. */
static void find_stack_base(int is_store, uint64_t address, unsigned size)
{
    if (at_begin && is_store && range_contains(&settings.stack, address)) {
        stack_base = address + size;
    }
}

static void memory_accessed(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t address, void *data)
{
    const int is_store = qemu_plugin_mem_is_store(info);
    const unsigned size = 1u << qemu_plugin_mem_size_shift(info);
    (void)cpu;
    (void)data;
    if (active == NULL) {
        find_stack_base(is_store, address, size);
        return;
    }
    note_alignment(address, size);
    if (is_store) {
        stored(address, size);
    } else {
        loaded(address, size);
    }
}

static int in_ranges(const struct range *ranges, size_t count, uint64_t address)
{
    size_t i;
    for (i = 0; i < count; i++) {
        if (range_contains(&ranges[i], address)) {
            return 1;
        }
    }
    return 0;
}

/* A node may have several functions, as one that begins and one that ends it; the first one's place has its tally. */
static size_t place_of(int node_index)
{
    size_t i = 0;
    while (settings.nodes[i].index != node_index) {
        i++;
    }
    return i;
}

static struct tally *entered_at(uint64_t address)
{
    size_t i;
    for (i = 0; i < settings.node_count; i++) {
        if (settings.nodes[i].address == address) {
            return &nodes[place_of(settings.nodes[i].index)];
        }
    }
    return in_ranges(settings.run, settings.runs, address) ? &outside : NULL;
}

static enum role role_at(uint64_t address)
{
    if (address == settings.begin) {
        return ROLE_BEGIN;
    }
    if (address == settings.end) {
        return ROLE_END;
    }
    return in_ranges(settings.skip, settings.skips, address) ? ROLE_SKIP : ROLE_PLAIN;
}

/* What the core's timing and its vector instructions add to the counts. */
static void add_work(struct block *block, const struct qemu_plugin_tb *translated)
{
    static const uint8_t *codes[TIMING_MOST_INSTRUCTIONS];
    struct timing timing;
    size_t i;
    if (block->instructions > TIMING_MOST_INSTRUCTIONS) {
        abort();
    }
    for (i = 0; i < block->instructions; i++) {
        codes[i] = qemu_plugin_insn_data(qemu_plugin_tb_get_insn(translated, i));
    }
    block->vectors = vectors_of(settings.vector_bits, codes, block->instructions);
    if (core == NULL) {
        return;
    }
    timing = core->block(core, codes, block->instructions);
    block->end = block->start + timing.bytes;
    block->cycles = timing.cycles;
    block->taken = timing.taken;
    block->straight = timing.straight;
}

static void block_translated(qemu_plugin_id_t id, struct qemu_plugin_tb *translated)
{
    /* Blocks live as long as the process: QEMU may keep a translation to the end. */
    struct block *block = calloc(1, sizeof *block);
    size_t i;
    (void)id;
    if (block == NULL) {
        abort();
    }
    block->start = qemu_plugin_tb_vaddr(translated);
    block->instructions = qemu_plugin_tb_n_insns(translated);
    block->entered = entered_at(block->start);
    block->role = role_at(block->start);
    add_work(block, translated);
    qemu_plugin_register_vcpu_tb_exec_cb(translated, block_executed, QEMU_PLUGIN_CB_NO_REGS, block);
    for (i = 0; i < block->instructions; i++) {
        /* One call for both directions: QEMU 7.2 filters wrongly, and gives loads to a callback for stores. */
        qemu_plugin_register_vcpu_mem_cb(qemu_plugin_tb_get_insn(translated, i), memory_accessed,
                                         QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, NULL);
    }
}

static void add_tally(struct tally *sum, const struct tally *part)
{
    sum->instructions += part->instructions;
    sum->cycles += part->cycles;
    sum->loads += part->loads;
    sum->stores += part->stores;
    sum->unaligned += part->unaligned;
    sum->elements += part->elements;
    if (part->lowest_stack < sum->lowest_stack) {
        sum->lowest_stack = part->lowest_stack;
    }
}

static void print_tally(FILE *out, const char *label, const struct tally *tally)
{
    const uint64_t stack = tally->lowest_stack < stack_base ? stack_base - tally->lowest_stack : 0;
    (void)fprintf(out,
                  "%s instructions %" PRIu64 " cycles %" PRIu64 " loads %" PRIu64 " stores %" PRIu64
                  " unaligned %" PRIu64 " elements %" PRIu64 " stack %" PRIu64 "\n",
                  label, tally->instructions, tally->cycles, tally->loads, tally->stores, tally->unaligned,
                  tally->elements, stack);
}

static void print_region(FILE *out, const char *name, const struct region_tally *region)
{
    (void)fprintf(out,
                  "region %s loads %" PRIu64 " stores %" PRIu64 " load_bytes %" PRIu64 " store_bytes %" PRIu64 "\n",
                  name, region->loads, region->stores, region->load_bytes, region->store_bytes);
}

static void print_nodes(FILE *out)
{
    char label[32];
    size_t i;
    for (i = 0; i < settings.node_count; i++) {
        if (place_of(settings.nodes[i].index) == i) {
            (void)snprintf(label, sizeof label, "node %d", settings.nodes[i].index);
            print_tally(out, label, &nodes[i]);
        }
    }
    print_tally(out, "node -1", &outside);
}

/* The windows line comes last, so that a reader can tell a whole file from one that was cut off. */
static void print_counts(qemu_plugin_id_t id, void *data)
{
    struct tally total = outside;
    FILE *out = fopen(settings.out, "w");
    size_t i;
    (void)id;
    (void)data;
    if (out == NULL) {
        (void)fprintf(stderr, "count: cannot write %s\n", settings.out);
        return;
    }
    for (i = 0; i < settings.node_count; i++) {
        add_tally(&total, &nodes[i]);
    }
    if (core != NULL) {
        (void)fprintf(out, "basis %s; no wait states\n", core->basis);
    }
    print_tally(out, "total", &total);
    print_nodes(out);
    for (i = 0; i < settings.region_count; i++) {
        print_region(out, settings.regions[i].name, &regions[i]);
    }
    print_region(out, "other", &regions[MAX_REGIONS]);
    (void)fprintf(out, "windows %" PRIu64 " closed %d\n", windows, !in_window);
    (void)fclose(out);
}

PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv)
{
    static const char argument[] = "settings=";
    size_t i;
    (void)info;
    if (argc != 1 || strncmp(argv[0], argument, sizeof argument - 1) != 0) {
        (void)fprintf(stderr, "count: the one argument is settings=FILE\n");
        return 1;
    }
    if (!settings_read(&settings, argv[0] + sizeof argument - 1)) {
        return 1;
    }
    core = timing_find(settings.cpu);
    stack_base = settings.stack.high;
    outside.lowest_stack = UINT64_MAX;
    for (i = 0; i < MAX_NODES; i++) {
        nodes[i].lowest_stack = UINT64_MAX;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, block_translated);
    qemu_plugin_register_atexit_cb(id, print_counts, NULL);
    return 0;
}
