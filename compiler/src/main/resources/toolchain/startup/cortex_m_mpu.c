/*
 * Lets the memory protection unit fault every store outside the RAM and every access outside RAM and flash. Simulated
 * boards need that: on the MPS2 ones the code lies in writable memory and most of the other addresses swallow what is
 * written to them, so that a wild store or a stack that overflows would go unnoticed.
 */
#include <stdint.h>

void thimble_protect_memory(void);

#if defined(__ARM_ARCH_6M__)

/* The simulated ARMv6-M core has no protection unit; its board's flash is read-only and its gaps do fault. */
void thimble_protect_memory(void)
{
}

#else

/* From the linker's command line: the value of each of these symbols is its address. */
extern uint8_t __flash_origin[], __flash_length[], __ram_origin[], __ram_length[];

#define MPU_TYPE (*(volatile uint32_t *)0xE000ED90u)
#define MPU_CTRL (*(volatile uint32_t *)0xE000ED94u)
#define MPU_RNR (*(volatile uint32_t *)0xE000ED98u)
#define MPU_RBAR (*(volatile uint32_t *)0xE000ED9Cu)
#define MPU_RASR_OR_RLAR (*(volatile uint32_t *)0xE000EDA0u)
#define MPU_MAIR0 (*(volatile uint32_t *)0xE000EDC0u)

enum access { READ_ONLY, READ_WRITE };

#if defined(__ARM_ARCH_7M__) || defined(__ARM_ARCH_7EM__)

/* PMSAv7: a region is a power of two in size, at a multiple of it. A map that is not so stays unprotected. */
static int can_protect(uint32_t origin, uint32_t length)
{
    return length >= 32u && (length & (length - 1u)) == 0 && (origin & (length - 1u)) == 0;
}

static void set_region(uint32_t number, uint32_t origin, uint32_t length, enum access access)
{
    const uint32_t size = 30u - (uint32_t)__builtin_clz(length);
    /* Normal memory. Privileged code may read (6), or read and write (3). Only read-only memory may execute. */
    const uint32_t attributes = 0x00020000u | (access == READ_ONLY ? 6u << 24 : 3u << 24 | 1u << 28);
    MPU_RNR = number;
    MPU_RBAR = origin;
    MPU_RASR_OR_RLAR = attributes | size << 1 | 1u;
}

#else

/* PMSAv8: a region is any multiple of 32 bytes. */
static int can_protect(uint32_t origin, uint32_t length)
{
    return length >= 32u && ((origin | length) & 31u) == 0;
}

static void set_region(uint32_t number, uint32_t origin, uint32_t length, enum access access)
{
    MPU_MAIR0 = 0x000000FFu;
    MPU_RNR = number;
    MPU_RBAR = origin | (access == READ_ONLY ? 2u << 1 : 1u);
    MPU_RASR_OR_RLAR = (origin + length - 32u) | 1u;
}

#endif

void thimble_protect_memory(void)
{
    const uint32_t flash = (uint32_t)__flash_origin;
    const uint32_t flash_length = (uint32_t)__flash_length;
    const uint32_t ram = (uint32_t)__ram_origin;
    const uint32_t ram_length = (uint32_t)__ram_length;
    if ((MPU_TYPE >> 8 & 0xFFu) < 2u || !can_protect(flash, flash_length) || !can_protect(ram, ram_length)) {
        return;
    }
    set_region(0, flash, flash_length, READ_ONLY);
    set_region(1, ram, ram_length, READ_WRITE);
    /* Without the background map, what is in no region faults, also for privileged code; the core's own registers do
       not. Bit 1 stays clear, so that the fault handler, which runs on the hard fault's level, is unprotected. */
    MPU_CTRL = 1u;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}

#endif
