package dev.thimble;

import dev.thimble.report.CompileReport;
import dev.thimble.target.Target;
import java.util.List;

/**
 * An estimate of a program's machine code, for when it is not built: what each kernel and each node
 * add at most in the programs that were measured (the MLPerf Tiny networks, LeNet-5 and a keyword
 * network, built by GCC 12.2 with {@code -Os} and {@code -O2} for Cortex-M4 and Cortex-M0+). It was
 * 3 % to 67 % above every measurement. {@code profile} measures.
 */
final class CodeEstimate {
  private static final long BYTES_A_KERNEL = 600;
  private static final long BYTES_A_NODE = 160;

  /** The C library's float routines, where the core has no instructions for floats. */
  private static final long SOFT_FLOAT_BYTES = 3000;

  private CodeEstimate() {}

  /** The bytes of code, kernels counted once however many nodes they serve. */
  static long bytes(List<CompileReport.NodeRow> nodes, Target target) {
    return ofKernels(nodes.stream().map(CompileReport.NodeRow::kernel).toList(), target);
  }

  /** The same of the kernels' functions, one for each node. */
  static long ofKernels(List<String> nodes, Target target) {
    List<String> kernels = nodes.stream().distinct().toList();
    long dense = BYTES_A_KERNEL * kernels.size() + BYTES_A_NODE * nodes.size();
    boolean floats = kernels.stream().anyMatch(kernel -> kernel.contains("f32"));
    return dense * percent(target) / 100 + (floats && !hasFloats(target) ? SOFT_FLOAT_BYTES : 0);
  }

  /** The size of code beside that for Thumb-2, in percent. */
  private static long percent(Target target) {
    return switch (target) {
      case CORTEX_M3, CORTEX_M4, CORTEX_M7, CORTEX_M33, CORTEX_M55 -> 100;
      case PORTABLE, CORTEX_M0PLUS, RV32IMC, RV32IMAC, RV32GC, RV64GC, RV32GCV, RV64GCV -> 130;
    };
  }

  private static boolean hasFloats(Target target) {
    return switch (target) {
      case CORTEX_M4, CORTEX_M7, CORTEX_M33, CORTEX_M55, RV32GC, RV64GC, RV32GCV, RV64GCV -> true;
      case PORTABLE, CORTEX_M0PLUS, CORTEX_M3, RV32IMC, RV32IMAC -> false;
    };
  }
}
