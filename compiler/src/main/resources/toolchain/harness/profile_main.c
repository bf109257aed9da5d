/*
 * The program behind `thimble profile`: one inference on the first sample of inputs.bin, without the trace hook. The
 * counting plugin counts between the two markers, and leaves out the code of thimble_profile_measured itself, so the
 * figures are those of the model alone. The outputs go to outputs.bin, to show that the measured program is right.
 */
#include "model_under_test.h"
#include "sample.h"

/* External and never inlined, so that the plugin finds them by their symbols. */
void thimble_profile_begin(void);
void thimble_profile_end(void);
int thimble_profile_measured(MUT_ARENA *arena);

#ifdef __arm__
/*
 * The plugin cannot see registers. The push lets it see the stack pointer as it is when the model is called, so that
 * the harness's own stack does not count as the model's.
 */
__attribute__((naked, noinline)) void thimble_profile_begin(void)
{
    __asm__ volatile("push {r4}\n\tpop {r4}\n\tbx lr");
}
#elif defined(__riscv)
/* The same by one store right below the stack pointer, which stays where it is. */
__attribute__((naked, noinline)) void thimble_profile_begin(void)
{
#if __riscv_xlen == 64
    __asm__ volatile("sd ra, -8(sp)\n\tret");
#else
    __asm__ volatile("sw ra, -4(sp)\n\tret");
#endif
}
#else
__attribute__((noinline)) void thimble_profile_begin(void)
{
    __asm__ volatile("nop" ::: "memory");
}
#endif

/* The bodies of the markers differ, or the compiler would fold them into one function with one address. */
__attribute__((noinline)) void thimble_profile_end(void)
{
    __asm__ volatile("" ::: "memory");
}

__attribute__((noinline)) int thimble_profile_measured(MUT_ARENA *arena)
{
    int return_code;
    thimble_profile_begin();
    return_code = MUT_RUN(arena);
    thimble_profile_end();
    return return_code;
}

MUT_DEFINE_ARENA(arena);

static void write_outputs(void)
{
    const int file = platform_open_write("outputs.bin");
    int i;
    require(file >= 0, EXIT_OUTPUT_FILE);
    for (i = 0; i < MUT_OUTPUTS; i++) {
        const void *output = mut_output(&arena, i);
        require(output != 0, EXIT_NULL_POINTER);
        require(platform_write(file, output, mut_output_bytes[i]), EXIT_OUTPUT_FILE);
    }
    require(platform_close(file), EXIT_OUTPUT_FILE);
}

int main(void)
{
    uint32_t samples;
    const int inputs = open_samples(&samples);
    require(MUT_INIT(&arena) == 0, EXIT_INIT_FAILED);
    read_sample(inputs, &arena);
    require(thimble_profile_measured(&arena) == 0, EXIT_RUN_FAILED);
    write_outputs();
    return 0;
}
