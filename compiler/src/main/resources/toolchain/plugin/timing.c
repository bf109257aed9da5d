/* Finds a core among those of all kinds. */
#include "timing.h"

#include <string.h>

const struct timing_core *timing_find(const char *name)
{
    static const struct timing_core *const kinds[] = {cortex_m_cores, superscalar_cores, riscv_cores};
    const struct timing_core *core;
    size_t i;
    for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (core = kinds[i]; core->name != NULL; core++) {
            if (strcmp(core->name, name) == 0) {
                return core;
            }
        }
    }
    return NULL;
}
