package dev.thimble;

import dev.thimble.codegen.KernelText;
import dev.thimble.kernel.Kernel;
import dev.thimble.schedule.Schedule;
import dev.thimble.target.Target;
import java.util.Collection;
import java.util.List;

/**
 * An estimate of a program's machine code, for when it is not built: so many bytes for each
 * statement of the kernels that it holds, and some for each node, whose parameters are in flash.
 * The figures are those of the MLPerf Tiny networks and the examples, built for five targets by GCC
 * 12.2 and Clang 19 with {@code -O2} and {@code -Os}; the benchmarks say how far they are off over
 * all networks. {@code profile} measures.
 */
final class CodeEstimate {
  private static final long FAST_BYTES_A_STATEMENT = 16;
  private static final long SMALL_BYTES_A_STATEMENT = 12;
  private static final long BYTES_A_NODE = 140;

  /** The C library's float routines, where the core has no instructions for floats. */
  private static final long SOFT_FLOAT_BYTES = 3000;

  private CodeEstimate() {}

  /** The bytes of code of a program that runs a schedule. */
  static long bytes(Schedule schedule, CompileOptions options) {
    return bytes(KernelWork.of(schedule).stream().map(KernelWork::kernel).toList(), options);
  }

  /** The same of the kernels, one for each node; equal ones are in the program once. */
  static long bytes(Collection<Kernel> nodes, CompileOptions options) {
    List<String> files = nodes.stream().map(Kernel::source).toList();
    long each = options.prefer().small() ? SMALL_BYTES_A_STATEMENT : FAST_BYTES_A_STATEMENT;
    long dense =
        each * KernelText.statements(files, options.rounding()) + BYTES_A_NODE * nodes.size();
    boolean floats = files.stream().anyMatch(file -> file.contains("f32"));
    Target target = options.target();
    return dense * percent(target) / 100 + (floats && !hasFloats(target) ? SOFT_FLOAT_BYTES : 0);
  }

  /** The size of code beside that of the other targets, in percent. */
  private static long percent(Target target) {
    return switch (target) {
      // Its kernels are portable C in large part, which is dense Thumb-2 code.
      case CORTEX_M3 -> 75;
      case PORTABLE,
          CORTEX_M0PLUS,
          CORTEX_M4,
          CORTEX_M7,
          CORTEX_M33,
          CORTEX_M55,
          RV32IMC,
          RV32IMAC,
          RV32GC,
          RV32GCV,
          RV64GCV ->
          100;
      case RV64GC -> 120;
    };
  }

  private static boolean hasFloats(Target target) {
    return switch (target) {
      case CORTEX_M4, CORTEX_M7, CORTEX_M33, CORTEX_M55, RV32GC, RV64GC, RV32GCV, RV64GCV -> true;
      case PORTABLE, CORTEX_M0PLUS, CORTEX_M3, RV32IMC, RV32IMAC -> false;
    };
  }
}
