package dev.thimble.toolchain;

import dev.thimble.target.Board;
import dev.thimble.target.Target;
import java.util.Optional;

/** Which model of the counting plugin stands for a target, or for the very core of a board. */
final class TimedCore {
  private TimedCore() {}

  /**
   * The model's name; nothing where the core's timing is not known. A RISC-V target is an
   * instruction set and no core: without a board it is that of the best documented core that has
   * it.
   */
  static Optional<String> of(Target target, Optional<Board> board) {
    return switch (target) {
      case PORTABLE, RV32GC, RV64GC, RV32GCV, RV64GCV -> Optional.empty();
      case CORTEX_M0PLUS, CORTEX_M3, CORTEX_M4, CORTEX_M7, CORTEX_M33, CORTEX_M55 ->
          Optional.of(target.text());
      case RV32IMC, RV32IMAC -> riscv(target, board.map(Board::part));
    };
  }

  private static Optional<String> riscv(Target target, Optional<String> part) {
    if (part.isEmpty()) {
      return Optional.of(target == Target.RV32IMC ? "esp32-c3" : "fe310");
    }
    String name = part.get();
    if (name.startsWith("ESP32-C3")) {
      return Optional.of("esp32-c3");
    }
    if (name.startsWith("RP2350")) {
      return Optional.of("hazard3");
    }
    return name.startsWith("FE310") ? Optional.of("fe310") : Optional.empty();
  }
}
