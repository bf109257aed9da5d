/*
 * The simple Cortex-M cores, by the timing tables of Arm's Technical Reference Manuals. Ranges are averaged: a taken
 * branch refills the pipeline in 1 to 3 cycles, a division takes 2 to 12.
 */
#include "thumb.h"
#include "timing.h"

struct figures {
    uint8_t cycles[THUMB_KINDS]; /* THUMB_MULTIPLE: without its words                */
    uint8_t pipelined;           /* a load or store right after a load; 0: no saving */
    uint8_t taken_branch;        /* what a branch costs more when it is taken        */
};

/*   alu mul mac long div load st  str mult tb  f  pair fmac fdiv  Helium   b  le  pipelined taken */
static const struct figures m0 =
    {{1, 1,  1,  1,  1,  2,   2,  2,  1,   1,  1, 1,   1,   1,     1, 1, 1, 1, 1}, 0, 2};
static const struct figures m0plus =
    {{1, 1,  1,  1,  1,  2,   2,  2,  1,   1,  1, 1,   1,   1,     1, 1, 1, 1, 1}, 0, 1};
static const struct figures m3 =
    {{1, 1,  2,  5,  7,  2,   1,  2,  1,   2,  1, 1,   1,   1,     1, 1, 1, 1, 1}, 1, 2};
static const struct figures m4 =
    {{1, 1,  1,  1,  7,  2,   1,  2,  1,   2,  1, 2,   3,   14,    1, 1, 1, 1, 1}, 1, 2};

/*
 * A load's data phase overlaps with the address phase of a load or store that follows at once, unless that one needs
 * the loaded register for its address. Nothing overlaps with a store that way, because a store is buffered.
 */
static unsigned cycles(const struct figures *core, const struct thumb *previous, const struct thumb *now)
{
    const int is_single =
        now->kind == THUMB_LOAD || now->kind == THUMB_STORE || now->kind == THUMB_STORE_REGISTER;
    if (is_single && core->pipelined != 0 && previous != NULL && previous->kind == THUMB_LOAD &&
        (previous->loaded & now->address) == 0) {
        return core->pipelined;
    }
    return core->cycles[now->kind] + now->words;
}

/*
 * The sizes are the decoder's own: QEMU 7.2 reports two bytes too many for the last instruction of a page, because it
 * looks at the next one's first half to learn whether that one crosses the page.
 */
static struct timing block(const struct timing_core *core, const uint8_t *const *codes, size_t count)
{
    const struct figures *figures = core->figures;
    struct timing timing = {.taken = figures->taken_branch};
    struct thumb previous, now;
    size_t i;
    for (i = 0; i < count; i++) {
        now = thumb_decode(thumb_fetch(codes[i]));
        timing.cycles += cycles(figures, i == 0 ? NULL : &previous, &now);
        timing.bytes += now.bytes;
        previous = now;
    }
    return timing;
}

const struct timing_core cortex_m_cores[] = {
    {"cortex-m0", "timing of Cortex-M0 by its manual", block, &m0},
    {"cortex-m0plus", "timing of Cortex-M0+ by its manual", block, &m0plus},
    {"cortex-m3", "timing of Cortex-M3 by its manual", block, &m3},
    {"cortex-m4", "timing of Cortex-M4 by its manual", block, &m4},
    {NULL, NULL, NULL, NULL},
};
