/* Reads the settings file, and refuses what it does not understand, because a wrong count looks like a right one. */
#include "settings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The address of a Thumb function carries its instruction set in bit 0; blocks are compared without it. */
static uint64_t code_address(uint64_t symbol)
{
    return symbol & ~(uint64_t)1;
}

static int parse_range(const char *line, const char *format, struct range *range)
{
    return sscanf(line, format, &range->low, &range->high) == 2 && range->low <= range->high;
}

static int parse_ranges(const char *line, const char *format, struct range *ranges, size_t *count)
{
    if (*count == MAX_RANGES || !parse_range(line, format, &ranges[*count])) {
        return 0;
    }
    ranges[*count].low = code_address(ranges[*count].low);
    (*count)++;
    return 1;
}

static int parse_region(const char *line, struct settings *settings)
{
    struct region *region = &settings->regions[settings->region_count];
    if (settings->region_count == MAX_REGIONS ||
        sscanf(line, "region %31s %" SCNi64 " %" SCNi64, region->name, (int64_t *)&region->range.low,
               (int64_t *)&region->range.high) != 3) {
        return 0;
    }
    settings->region_count++;
    return 1;
}

/* Two nodes at one address mean that the C compiler folded two equal functions: their counts cannot be told apart. */
static int parse_node(const char *line, struct settings *settings)
{
    struct node_entry *node = &settings->nodes[settings->node_count];
    size_t i;
    if (settings->node_count == MAX_NODES ||
        sscanf(line, "node %d %" SCNi64, &node->index, (int64_t *)&node->address) != 2 || node->index < 0) {
        return 0;
    }
    node->address = code_address(node->address);
    for (i = 0; i < settings->node_count; i++) {
        if (settings->nodes[i].address == node->address) {
            (void)fprintf(stderr, "count: nodes %d and %d have one address\n", settings->nodes[i].index, node->index);
            return 0;
        }
    }
    settings->node_count++;
    return 1;
}

static int parse_address(const char *line, const char *format, uint64_t *address)
{
    if (sscanf(line, format, address) != 1) {
        return 0;
    }
    *address = code_address(*address);
    return 1;
}

static int parse_line(const char *line, struct settings *settings)
{
    char word[16];
    if (line[0] == '#' || sscanf(line, "%15s", word) != 1) {
        return 1;
    }
    if (strcmp(word, "out") == 0) {
        return sscanf(line, "out %4095[^\r\n]", settings->out) == 1;
    }
    if (strcmp(word, "cpu") == 0) {
        return sscanf(line, "cpu %31s", settings->cpu) == 1;
    }
    if (strcmp(word, "vector") == 0) {
        return sscanf(line, "vector %u", &settings->vector_bits) == 1;
    }
    if (strcmp(word, "begin") == 0) {
        return parse_address(line, "begin %" SCNi64, &settings->begin);
    }
    if (strcmp(word, "end") == 0) {
        return parse_address(line, "end %" SCNi64, &settings->end);
    }
    if (strcmp(word, "node") == 0) {
        return parse_node(line, settings);
    }
    if (strcmp(word, "run") == 0) {
        return parse_ranges(line, "run %" SCNi64 " %" SCNi64, settings->run, &settings->runs);
    }
    if (strcmp(word, "skip") == 0) {
        return parse_ranges(line, "skip %" SCNi64 " %" SCNi64, settings->skip, &settings->skips);
    }
    if (strcmp(word, "stack") == 0) {
        return parse_range(line, "stack %" SCNi64 " %" SCNi64, &settings->stack);
    }
    return strcmp(word, "region") == 0 && parse_region(line, settings);
}

static int is_complete(const struct settings *settings)
{
    if (settings->out[0] == '\0' || settings->begin == NO_ADDRESS || settings->end == NO_ADDRESS) {
        (void)fprintf(stderr, "count: out, begin and end must be set\n");
        return 0;
    }
    if (settings->begin == settings->end) {
        (void)fprintf(stderr, "count: the markers begin and end have one address\n");
        return 0;
    }
    return 1;
}

int settings_read(struct settings *settings, const char *file_name)
{
    char line[4200];
    int good = 1;
    FILE *file = fopen(file_name, "r");
    if (file == NULL) {
        (void)fprintf(stderr, "count: cannot open %s\n", file_name);
        return 0;
    }
    memset(settings, 0, sizeof *settings);
    settings->begin = NO_ADDRESS;
    settings->end = NO_ADDRESS;
    while (good && fgets(line, sizeof line, file) != NULL) {
        good = parse_line(line, settings);
        if (!good) {
            (void)fprintf(stderr, "count: bad setting: %s", line);
        }
    }
    (void)fclose(file);
    return good && is_complete(settings);
}
