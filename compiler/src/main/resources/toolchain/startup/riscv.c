/*
 * Start-up code for any simulated RISC-V core, of 32 or 64 bits, with or without floating point and vectors. It
 * replaces the C library's start files, so that no library decides where the stack is or what runs before main.
 */
#include "platform.h"

#include <stddef.h>
#include <stdint.h>

/* These come from riscv.ld; only their addresses mean something. */
extern uint32_t __data_start[], __data_end[], __data_source[];
extern uint32_t __bss_start[], __bss_end[];
extern uint8_t __stack_bottom[], __stack_top[];

/* From the linker's command line: the value of each of these symbols is its address. */
extern uint8_t __flash_origin[], __flash_length[], __ram_origin[], __ram_length[];

int main(void);
__attribute__((noreturn)) void thimble_start(void);
void thimble_trap(uintptr_t cause, uintptr_t pc, uintptr_t address, uintptr_t stack);

/*
 * The first instructions, which have no stack yet. They switch floating point (FS) and vectors (VS) on before any code
 * that the C compiler may have made of either; a core without them ignores the bits. The trap handler starts on a fresh
 * stack, because the stack may be what overflowed.
 */
__asm__(".section .text.start, \"ax\", @progbits\n"
        ".global thimble_reset\n"
        "thimble_reset:\n"
        "  .option push\n"
        "  .option norelax\n"
        "  la gp, __global_pointer$\n"
        "  .option pop\n"
        "  la sp, __stack_top\n"
        "  la t0, trap_entry\n"
        "  csrw mtvec, t0\n"
        "  li t0, 0x6600\n"
        "  csrs mstatus, t0\n"
        "  j thimble_start\n"
        ".balign 4\n"
        "trap_entry:\n"
        "  csrr a0, mcause\n"
        "  csrr a1, mepc\n"
        "  csrr a2, mtval\n"
        "  mv a3, sp\n"
        "  la sp, __stack_top\n"
        "  j thimble_trap\n"
        ".text\n");

#define PMP_LOCKED 0x80u
#define PMP_RANGE 0x18u /* The address register holds a power of two in size, at a multiple of it. */
#define PMP_EXECUTE 4u
#define PMP_WRITE 2u
#define PMP_READ 1u

static uintptr_t range(const uint8_t *origin, const uint8_t *length)
{
    return (uintptr_t)origin >> 2 | (((uintptr_t)length >> 3) - 1u);
}

/*
 * Lets the core fault every store outside the RAM and every access outside RAM and flash, where the simulated board has
 * writable memory everywhere. The entries are locked, for only such ones bind a program in machine mode.
 */
static void protect_memory(void)
{
    const uintptr_t everything = ~(uintptr_t)0;
    const uintptr_t flash = PMP_LOCKED | PMP_RANGE | PMP_EXECUTE | PMP_READ;
    const uintptr_t ram = PMP_LOCKED | PMP_RANGE | PMP_WRITE | PMP_READ;
    const uintptr_t nothing = PMP_LOCKED | PMP_RANGE;
    __asm__ volatile("csrw pmpaddr0, %0\n\tcsrw pmpaddr1, %1\n\tcsrw pmpaddr2, %2\n\tcsrw pmpcfg0, %3"
                     :
                     : "r"(range(__flash_origin, __flash_length)), "r"(range(__ram_origin, __ram_length)),
                       "r"(everything), "r"(flash | ram << 8 | nothing << 16)
                     : "memory");
}

void thimble_start(void)
{
    const uint32_t *from = __data_source;
    uint32_t *to;
    for (to = __data_start; to < __data_end; to++) {
        *to = *from++;
    }
    for (to = __bss_start; to < __bss_end; to++) {
        *to = 0;
    }
    protect_memory();
    platform_exit(main());
}

static void print_hex(const char *label, uintptr_t number)
{
    char text[2 * sizeof number + 3];
    size_t i;
    text[0] = '0';
    text[1] = 'x';
    for (i = 2 * sizeof number + 1; i >= 2; i--, number >>= 4) {
        text[i] = "0123456789abcdef"[number & 15u];
    }
    text[2 * sizeof number + 2] = '\0';
    platform_print(label);
    platform_print(text);
}

/* Tells where the trap happened and ends the simulation, which would otherwise loop. */
__attribute__((used)) void thimble_trap(uintptr_t cause, uintptr_t pc, uintptr_t address, uintptr_t stack)
{
    print_hex("thimble: trap, cause ", cause);
    print_hex(", pc ", pc);
    print_hex(", address ", address);
    if (stack < (uintptr_t)__stack_bottom || stack > (uintptr_t)__stack_top) {
        print_hex(", stack overflow, sp ", stack);
    }
    platform_print("\n");
    platform_exit(EXIT_FAULT);
}
