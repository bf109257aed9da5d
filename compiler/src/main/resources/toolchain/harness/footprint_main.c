/*
 * The least program that uses a model, to be linked but never run: what it takes in flash, less this
 * file, is what the model takes, library functions included.
 */
#include "model_under_test.h"

MUT_DEFINE_ARENA(arena);

int main(void)
{
    int i;
    int result = MUT_INIT(&arena) + MUT_RUN(&arena);
    for (i = 0; i < MUT_INPUTS; i++) {
        result += mut_input(&arena, i) == 0;
    }
    for (i = 0; i < MUT_OUTPUTS; i++) {
        result += mut_output(&arena, i) == 0;
    }
    return result;
}
