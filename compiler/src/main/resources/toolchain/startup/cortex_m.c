/*
 * Start-up code for any simulated Cortex-M core, from ARMv6-M to ARMv8.1-M: vector table, reset and fault handlers.
 * It replaces the C library's start files, so that no library decides where the stack is or what runs before main.
 */
#include "platform.h"

#include <stddef.h>
#include <stdint.h>

/* These come from cortex_m.ld; only their addresses mean something. */
extern uint32_t __data_start[], __data_end[], __data_source[];
extern uint32_t __bss_start[], __bss_end[];
extern uint32_t __stack_bottom[], __stack_top[];

int main(void);
void thimble_reset(void);
void thimble_protect_memory(void);
void thimble_fault(const uint32_t *frame, uint32_t exception);

#define CPACR (*(volatile uint32_t *)0xE000ED88u)
#define CFSR (*(volatile uint32_t *)0xE000ED28u)
#define CFSR_MMFAR_VALID 0x80u
#define MMFAR (*(volatile uint32_t *)0xE000ED34u)
#define BFAR (*(volatile uint32_t *)0xE000ED38u)

static void enable_floating_point(void)
{
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
    CPACR |= 0x00F00000u;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
}

void thimble_reset(void)
{
    const uint32_t *from = __data_source;
    uint32_t *to;
    /* This must come first: what follows may already be compiled to floating-point or vector instructions. */
    enable_floating_point();
    for (to = __data_start; to < __data_end; to++) {
        *to = *from++;
    }
    for (to = __bss_start; to < __bss_end; to++) {
        *to = 0;
    }
    thimble_protect_memory();
    platform_exit(main());
}

static void print_hex(const char *label, uint32_t number)
{
    char text[11] = "0x00000000";
    int i;
    for (i = 9; i >= 2; i--, number >>= 4) {
        text[i] = "0123456789abcdef"[number & 15u];
    }
    platform_print(label);
    platform_print(text);
}

/* Tells where the fault happened and ends the simulation, which would otherwise loop or die in a lockup. */
__attribute__((used)) void thimble_fault(const uint32_t *frame, uint32_t exception)
{
    print_hex("thimble: fault, exception ", exception);
    if (frame >= __stack_bottom && frame + 8 <= __stack_top) {
        print_hex(", pc ", frame[6]);
        print_hex(", lr ", frame[5]);
    } else {
        print_hex(", stack overflow, sp ", (uint32_t)frame);
    }
#if !defined(__ARM_ARCH_6M__)
    print_hex(", cfsr ", CFSR);
    print_hex(", address ", (CFSR & CFSR_MMFAR_VALID) != 0 ? MMFAR : BFAR);
#endif
    platform_print("\n");
    platform_exit(EXIT_FAULT);
}

/* The stack may be what overflowed, so the handler starts on a fresh one; the old content is of no more use. */
__attribute__((naked)) static void fault_entry(void)
{
    __asm__ volatile("mrs r0, msp\n\t"
                     "mrs r1, ipsr\n\t"
                     "ldr r2, =__stack_top\n\t"
                     "mov sp, r2\n\t"
                     "ldr r2, =thimble_fault\n\t"
                     "bx r2\n\t"
                     ".ltorg");
}

typedef union {
    void (*handler)(void);
    uint32_t *stack;
    uintptr_t reserved;
} vector;

/* No interrupt is ever enabled, so the sixteen system vectors are the whole table. */
__attribute__((section(".vectors"), used)) static const vector vectors[16] = {
    {.stack = __stack_top},      /* initial stack pointer */
    {.handler = thimble_reset},  /* reset                 */
    {.handler = fault_entry},    /* non-maskable          */
    {.handler = fault_entry},    /* hard fault            */
    {.handler = fault_entry},    /* memory management     */
    {.handler = fault_entry},    /* bus fault             */
    {.handler = fault_entry},    /* usage fault           */
    {.handler = fault_entry},    /* secure fault          */
    {.reserved = 0},
    {.reserved = 0},
    {.reserved = 0},
    {.handler = fault_entry},    /* supervisor call       */
    {.handler = fault_entry},    /* debug monitor         */
    {.reserved = 0},
    {.handler = fault_entry},    /* pended call           */
    {.handler = fault_entry},    /* system tick           */
};
