/* The inner loops of matrix products with the RISC-V vector extension, in assembly: a compiler would
 * set the vector length anew and compute addresses in each step. All take the products of one run of
 * a window, from x to end, and leave the filter's pointer behind what they took. */
#ifndef THIMBLE_GEMM_STEPS_RVV_H
#define THIMBLE_GEMM_STEPS_RVV_H

/* The filters of one element, for all lanes. */
#define THIMBLE_GEMM_LOAD       \
  "vle8.v %[narrow], (%[w])\n\t" \
  "add %[w], %[w], %[filters]\n\t"

#define THIMBLE_GEMM_WIDEN "vsext.vf2 %[wide], %[narrow]\n\t"

#define THIMBLE_GEMM_ADD(pixel) "vwmacc.vx %[a" #pixel "], %[t" #pixel "], %[wide]\n\t"

/* Four steps at a time and then one by one. */
#define THIMBLE_GEMM_LOOP(step, advance4, advance1)                              \
  "vsetvli zero, %[vl], e16, m4, ta, ma\n\t"                                     \
  "bgeu %[x0], %[end4], 2f\n\t"                                                  \
  "1:\n\t" step(0) step(1) step(2) step(3) advance4 "bltu %[x0], %[end4], 1b\n\t" \
  "2:\n\t"                                                                       \
  "bgeu %[x0], %[end], 4f\n\t"                                                   \
  "3:\n\t" step(0) advance1 "bltu %[x0], %[end], 3b\n\t"                         \
  "4:\n\t"

#define THIMBLE_GEMM_STEP3(offset)                                                               \
  THIMBLE_GEMM_LOAD                                                                              \
  "lb %[t0], " #offset "(%[x0])\n\tlb %[t1], " #offset "(%[x1])\n\tlb %[t2], " #offset "(%[x2])\n\t" \
  THIMBLE_GEMM_WIDEN THIMBLE_GEMM_ADD(0) THIMBLE_GEMM_ADD(1) THIMBLE_GEMM_ADD(2)

#define THIMBLE_GEMM_STEP2(offset)                                            \
  THIMBLE_GEMM_LOAD                                                           \
  "lb %[t0], " #offset "(%[x0])\n\tlb %[t1], " #offset "(%[x1])\n\t"          \
  THIMBLE_GEMM_WIDEN THIMBLE_GEMM_ADD(0) THIMBLE_GEMM_ADD(1)

#define THIMBLE_GEMM_STEP1(offset) \
  THIMBLE_GEMM_LOAD "lb %[t0], " #offset "(%[x0])\n\t" THIMBLE_GEMM_WIDEN THIMBLE_GEMM_ADD(0)

#define THIMBLE_GEMM_ADVANCE(pixel, count) "addi %[x" #pixel "], %[x" #pixel "], " #count "\n\t"

/* Lanes are channels; three pixels. */
#define THIMBLE_GEMM_CHANNELS3(s0, s1, s2, x, step, last, filter, stride, lanes)                   \
  do {                                                                                             \
    const int8_t *x1_ = (x) + (step);                                                              \
    const int8_t *x2_ = x1_ + (step);                                                              \
    long t0_, t1_, t2_;                                                                            \
    vint8m2_t narrow_;                                                                             \
    vint16m4_t wide_;                                                                              \
    __asm__ volatile(                                                                              \
        THIMBLE_GEMM_LOOP(THIMBLE_GEMM_STEP3,                                                      \
                          THIMBLE_GEMM_ADVANCE(0, 4) THIMBLE_GEMM_ADVANCE(1, 4)                    \
                              THIMBLE_GEMM_ADVANCE(2, 4),                                          \
                          THIMBLE_GEMM_ADVANCE(0, 1) THIMBLE_GEMM_ADVANCE(1, 1)                    \
                              THIMBLE_GEMM_ADVANCE(2, 1))                                          \
        : [a0] "+vr"(s0), [a1] "+vr"(s1), [a2] "+vr"(s2), [narrow] "=&vr"(narrow_),                \
          [wide] "=&vr"(wide_), [x0] "+r"(x), [x1] "+r"(x1_), [x2] "+r"(x2_), [w] "+r"(filter),    \
          [t0] "=&r"(t0_), [t1] "=&r"(t1_), [t2] "=&r"(t2_)                                        \
        : [filters] "r"(stride), [end] "r"(last), [end4] "r"((last) - 3), [vl] "r"(lanes)          \
        : "memory", "vl", "vtype");                                                                \
  } while (0)

/* Lanes are channels; two pixels. */
#define THIMBLE_GEMM_CHANNELS2(s0, s1, x, step, last, filter, stride, lanes)                       \
  do {                                                                                             \
    const int8_t *x1_ = (x) + (step);                                                              \
    long t0_, t1_;                                                                                 \
    vint8m2_t narrow_;                                                                             \
    vint16m4_t wide_;                                                                              \
    __asm__ volatile(                                                                              \
        THIMBLE_GEMM_LOOP(THIMBLE_GEMM_STEP2,                                                      \
                          THIMBLE_GEMM_ADVANCE(0, 4) THIMBLE_GEMM_ADVANCE(1, 4),                   \
                          THIMBLE_GEMM_ADVANCE(0, 1) THIMBLE_GEMM_ADVANCE(1, 1))                   \
        : [a0] "+vr"(s0), [a1] "+vr"(s1), [narrow] "=&vr"(narrow_), [wide] "=&vr"(wide_),          \
          [x0] "+r"(x), [x1] "+r"(x1_), [w] "+r"(filter), [t0] "=&r"(t0_), [t1] "=&r"(t1_)         \
        : [filters] "r"(stride), [end] "r"(last), [end4] "r"((last) - 3), [vl] "r"(lanes)          \
        : "memory", "vl", "vtype");                                                                \
  } while (0)

/* Lanes are channels; one pixel. */
#define THIMBLE_GEMM_CHANNELS1(s0, x, last, filter, stride, lanes)                                 \
  do {                                                                                             \
    long t0_;                                                                                      \
    vint8m2_t narrow_;                                                                             \
    vint16m4_t wide_;                                                                              \
    __asm__ volatile(                                                                              \
        THIMBLE_GEMM_LOOP(THIMBLE_GEMM_STEP1, THIMBLE_GEMM_ADVANCE(0, 4),                          \
                          THIMBLE_GEMM_ADVANCE(0, 1))                                              \
        : [a0] "+vr"(s0), [narrow] "=&vr"(narrow_), [wide] "=&vr"(wide_), [x0] "+r"(x),            \
          [w] "+r"(filter), [t0] "=&r"(t0_)                                                        \
        : [filters] "r"(stride), [end] "r"(last), [end4] "r"((last) - 3), [vl] "r"(lanes)          \
        : "memory", "vl", "vtype");                                                                \
  } while (0)

#define THIMBLE_GEMM_GATHER                          \
  "vlse8.v %[narrow], (%[x0]), %[stride]\n\t"         \
  "addi %[x0], %[x0], 1\n\t"

#define THIMBLE_GEMM_LANES_STEP3(offset)                                   \
  THIMBLE_GEMM_GATHER                                                      \
  "lb %[t0], 0(%[w])\n\tlb %[t1], 1(%[w])\n\tlb %[t2], 2(%[w])\n\t"        \
  "add %[w], %[w], %[filters]\n\t"                                         \
  THIMBLE_GEMM_WIDEN THIMBLE_GEMM_ADD(0) THIMBLE_GEMM_ADD(1) THIMBLE_GEMM_ADD(2)

#define THIMBLE_GEMM_LANES_STEP2(offset)                                    \
  THIMBLE_GEMM_GATHER                                                       \
  "lb %[t0], 0(%[w])\n\tlb %[t1], 1(%[w])\n\t"                              \
  "add %[w], %[w], %[filters]\n\t"                                         \
  THIMBLE_GEMM_WIDEN THIMBLE_GEMM_ADD(0) THIMBLE_GEMM_ADD(1)

#define THIMBLE_GEMM_LANES_STEP1(offset)                                    \
  THIMBLE_GEMM_GATHER                                                       \
  "lb %[t0], 0(%[w])\n\t"                                                   \
  "add %[w], %[w], %[filters]\n\t"                                          \
  THIMBLE_GEMM_WIDEN THIMBLE_GEMM_ADD(0)

/* Lanes are pixels; three channels. */
#define THIMBLE_GEMM_LANES3(s0, s1, s2, x, step, last, filter, distance, lanes)                    \
  do {                                                                                             \
    long t0_, t1_, t2_;                                                                            \
    vint8m2_t narrow_;                                                                             \
    vint16m4_t wide_;                                                                              \
    __asm__ volatile(                                                                              \
        THIMBLE_GEMM_LOOP(THIMBLE_GEMM_LANES_STEP3, "", "")                                        \
        : [a0] "+vr"(s0), [a1] "+vr"(s1), [a2] "+vr"(s2), [narrow] "=&vr"(narrow_),                \
          [wide] "=&vr"(wide_), [x0] "+r"(x), [w] "+r"(filter), [t0] "=&r"(t0_),                   \
          [t1] "=&r"(t1_), [t2] "=&r"(t2_)                                                         \
        : [filters] "r"(distance), [end] "r"(last), [end4] "r"((last) - 3), [vl] "r"(lanes),       \
          [stride] "r"((long)(step))                                                               \
        : "memory", "vl", "vtype");                                                                \
  } while (0)

/* Lanes are pixels; two channels. */
#define THIMBLE_GEMM_LANES2(s0, s1, x, step, last, filter, distance, lanes)                        \
  do {                                                                                             \
    long t0_, t1_;                                                                                 \
    vint8m2_t narrow_;                                                                             \
    vint16m4_t wide_;                                                                              \
    __asm__ volatile(                                                                              \
        THIMBLE_GEMM_LOOP(THIMBLE_GEMM_LANES_STEP2, "", "")                                        \
        : [a0] "+vr"(s0), [a1] "+vr"(s1), [narrow] "=&vr"(narrow_), [wide] "=&vr"(wide_),          \
          [x0] "+r"(x), [w] "+r"(filter), [t0] "=&r"(t0_), [t1] "=&r"(t1_)                         \
        : [filters] "r"(distance), [end] "r"(last), [end4] "r"((last) - 3), [vl] "r"(lanes),       \
          [stride] "r"((long)(step))                                                               \
        : "memory", "vl", "vtype");                                                                \
  } while (0)

/* Lanes are pixels; one channel. */
#define THIMBLE_GEMM_LANES1(s0, x, step, last, filter, distance, lanes)                            \
  do {                                                                                             \
    long t0_;                                                                                      \
    vint8m2_t narrow_;                                                                             \
    vint16m4_t wide_;                                                                              \
    __asm__ volatile(                                                                              \
        THIMBLE_GEMM_LOOP(THIMBLE_GEMM_LANES_STEP1, "", "")                                        \
        : [a0] "+vr"(s0), [narrow] "=&vr"(narrow_), [wide] "=&vr"(wide_), [x0] "+r"(x),            \
          [w] "+r"(filter), [t0] "=&r"(t0_)                                                        \
        : [filters] "r"(distance), [end] "r"(last), [end4] "r"((last) - 3), [vl] "r"(lanes),       \
          [stride] "r"((long)(step))                                                               \
        : "memory", "vl", "vtype");                                                                \
  } while (0)

#endif
