package dev.thimble.kernel.choice;

import dev.thimble.kernel.InstructionSet;
import dev.thimble.kernel.dsp.DspKernels;
import dev.thimble.kernel.helium.HeliumKernels;
import dev.thimble.kernel.rvv.RvvKernels;
import dev.thimble.kernel.scalar.M0plusKernels;
import dev.thimble.kernel.scalar.M3Kernels;
import dev.thimble.kernel.scalar.RiscvKernels;
import dev.thimble.target.Target;
import java.util.List;

/** Which instruction set's kernels run on a target. */
final class InstructionSets {
  /** That of targets which portable C serves alone. */
  private static final InstructionSet NONE = request -> List.of();

  private InstructionSets() {}

  static InstructionSet of(Target target) {
    return switch (target) {
      case PORTABLE -> NONE;
      case CORTEX_M0PLUS -> new M0plusKernels();
      case CORTEX_M3 -> new M3Kernels();
      case CORTEX_M4, CORTEX_M7, CORTEX_M33 -> new DspKernels();
      case CORTEX_M55 -> new HeliumKernels();
      case RV32IMC, RV32IMAC, RV32GC, RV64GC -> new RiscvKernels();
      case RV32GCV, RV64GCV -> new RvvKernels();
    };
  }
}
