#include "pipeline.h"

#include <string.h>

#define REGISTERS 64

struct pipeline {
    uint64_t ready[REGISTERS]; /* when each register can be read           */
    uint64_t freed[UNITS];     /* when each unit takes another instruction */
    uint64_t next;             /* when the next instruction can begin      */
    const struct operation *alone; /* began one cycle before `next` without a companion; NULL: none did */
};

static uint64_t earliest(const struct pipeline *p, const struct operation *op, uint64_t from)
{
    uint64_t when = p->freed[op->unit] > from ? p->freed[op->unit] : from;
    uint64_t left;
    int i;
    for (i = 0, left = op->reads; left != 0; i++, left >>= 1) {
        if ((left & 1) != 0 && p->ready[i] > when) {
            when = p->ready[i];
        }
    }
    return when;
}

static void begin(struct pipeline *p, const struct operation *op, uint64_t when)
{
    uint64_t left;
    int i;
    p->freed[op->unit] = when + op->busy;
    for (i = 0, left = op->writes; left != 0; i++, left >>= 1) {
        if ((left & 1) != 0) {
            p->ready[i] = when + op->latency;
        }
    }
}

/* Whether the operation can begin in the cycle in which the one before it began. */
static int joins(const struct pipeline *p, const struct operation *op)
{
    const struct operation *first = p->alone;
    /* Both may set the flags: the second one's count. */
    return first != NULL && op->pairs && (first->writes & (op->reads | (op->writes & ~PIPELINE_FLAGS))) == 0 &&
           earliest(p, op, p->next - 1) == p->next - 1;
}

uint64_t pipeline_run(const struct operation *operations, size_t count, int width)
{
    struct pipeline p;
    size_t i;
    memset(&p, 0, sizeof p);
    for (i = 0; i < count; i++) {
        const struct operation *op = &operations[i];
        if (op->issue == 0) {
            continue;
        }
        if (joins(&p, op)) {
            begin(&p, op, p.next - 1);
            p.alone = NULL;
        } else {
            const uint64_t when = earliest(&p, op, p.next);
            begin(&p, op, when);
            p.next = when + op->issue;
            p.alone = width == 2 && op->pairs && op->issue == 1 ? op : NULL;
        }
    }
    return p.next;
}
