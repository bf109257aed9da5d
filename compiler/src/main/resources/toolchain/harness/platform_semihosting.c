/*
 * A simulated core's side of platform.h: Arm semihosting, which RISC-V took over and the simulator serves on the
 * host's files. Fields of a request are as wide as an address.
 * Each transfer is one request, whatever its size, because a request stops the simulated core.
 */
#include "platform.h"

#define SYS_OPEN 0x01u
#define SYS_CLOSE 0x02u
#define SYS_WRITE0 0x04u
#define SYS_WRITE 0x05u
#define SYS_READ 0x06u
#define SYS_FLEN 0x0Cu
#define SYS_EXIT_EXTENDED 0x20u

#define MODE_READ_BINARY 1u
#define MODE_WRITE_BINARY 5u
#define STOPPED_APPLICATION_EXIT 0x20026u

#ifdef __riscv
/*
 * Three instructions, uncompressed and on one page, are what makes an ebreak a request. They are a function by
 * themselves, because it can be aligned where nothing is compressed yet. Operation, argument and result are in the
 * registers where functions have them.
 */
__asm__(".section .text.thimble_request, \"ax\", @progbits\n"
        ".balign 16\n"
        "thimble_request:\n"
        "  .option push\n"
        "  .option norvc\n"
        "  slli zero, zero, 0x1f\n"
        "  ebreak\n"
        "  srai zero, zero, 7\n"
        "  ret\n"
        "  .option pop\n"
        ".text\n");

intptr_t thimble_request(uintptr_t operation, const void *argument);

static intptr_t request(uintptr_t operation, const void *argument)
{
    return thimble_request(operation, argument);
}
#else
static intptr_t request(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    /* The clobber tells the compiler that the host reads and writes the buffers which the argument names. */
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return (intptr_t)r0;
}
#endif

static int open_as(const char *name, uint32_t mode)
{
    uintptr_t block[3];
    uintptr_t length = 0;
    while (name[length] != '\0') {
        length++;
    }
    block[0] = (uintptr_t)name;
    block[1] = mode;
    block[2] = length;
    return (int)request(SYS_OPEN, block);
}

int platform_open_read(const char *name)
{
    return open_as(name, MODE_READ_BINARY);
}

int platform_open_write(const char *name)
{
    return open_as(name, MODE_WRITE_BINARY);
}

int64_t platform_size(int file)
{
    const uintptr_t block[1] = {(uintptr_t)file};
    return request(SYS_FLEN, block);
}

/* Semihosting answers a transfer with the number of bytes that were left over. */
int platform_read(int file, void *to, uint32_t bytes)
{
    const uintptr_t block[3] = {(uintptr_t)file, (uintptr_t)to, bytes};
    return request(SYS_READ, block) == 0;
}

int platform_write(int file, const void *from, uint32_t bytes)
{
    const uintptr_t block[3] = {(uintptr_t)file, (uintptr_t)from, bytes};
    return request(SYS_WRITE, block) == 0;
}

int platform_close(int file)
{
    const uintptr_t block[1] = {(uintptr_t)file};
    return request(SYS_CLOSE, block) == 0;
}

void platform_print(const char *text)
{
    (void)request(SYS_WRITE0, text);
}

void platform_exit(int code)
{
    const uintptr_t block[2] = {STOPPED_APPLICATION_EXIT, (uintptr_t)code};
    for (;;) {
        (void)request(SYS_EXIT_EXTENDED, block);
    }
}
