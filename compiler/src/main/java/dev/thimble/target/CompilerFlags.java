package dev.thimble.target;

import java.util.ArrayList;
import java.util.List;

/**
 * The C compiler that makes the best code for a target, of those that are verified, and what tells
 * it the core. The floating-point units are those that most chips with the core have.
 *
 * @param compiler the compiler's command on Debian 12
 * @param flags its flags; none for the portable target, which is whatever compiles it
 * @param linkFlags what tells the core to the GCC that links, and by which it finds its libraries
 */
public record CompilerFlags(String compiler, List<String> flags, List<String> linkFlags) {
  public CompilerFlags {
    flags = List.copyOf(flags);
    linkFlags = List.copyOf(linkFlags);
  }

  /** The compiler and its flags for a target. */
  public static CompilerFlags of(Target target) {
    return switch (target) {
      case PORTABLE -> new CompilerFlags("gcc", List.of(), List.of());
      case CORTEX_M0PLUS, CORTEX_M3 -> arm(target);
      case CORTEX_M4 -> arm(target, "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard");
      case CORTEX_M7 -> arm(target, "-mfpu=fpv5-d16", "-mfloat-abi=hard");
      case CORTEX_M33 -> arm(target, "-mfpu=fpv5-sp-d16", "-mfloat-abi=hard");
      case CORTEX_M55 -> helium(target);
      case RV32IMC, RV32IMAC -> riscv(target, "-mabi=ilp32");
      case RV32GC -> riscv(target, "-mabi=ilp32d");
      case RV64GC -> riscv(target, "-mabi=lp64d", "-mcmodel=medany");
      case RV32GCV -> vector(target, "riscv32", of(Target.RV32GC));
      case RV64GCV -> vector(target, "riscv64", of(Target.RV64GC));
    };
  }

  private static CompilerFlags arm(Target target, String... floats) {
    List<String> flags = with(List.of("-mcpu=" + target.text(), "-mthumb"), List.of(floats));
    return new CompilerFlags("arm-none-eabi-gcc", flags, flags);
  }

  /** GCC 12 knows the Helium instructions but makes poor code of them. */
  private static CompilerFlags helium(Target target) {
    CompilerFlags gcc = arm(target, "-mfloat-abi=hard");
    return clang("thumbv8.1m.main-none-eabihf", gcc.linkFlags, gcc.linkFlags);
  }

  /** By the newer ISA specification's names GCC 12 would take the wrong libraries. */
  private static CompilerFlags riscv(Target target, String... abi) {
    List<String> flags = with(List.of("-march=" + target.text(), "-misa-spec=2.2"), List.of(abi));
    return new CompilerFlags("riscv64-unknown-elf-gcc", flags, flags);
  }

  /** GCC 12 has no vector intrinsics; it links as if there were no vectors. */
  private static CompilerFlags vector(Target target, String words, CompilerFlags scalar) {
    List<String> abi = scalar.linkFlags.subList(2, scalar.linkFlags.size());
    return clang(
        words + "-unknown-elf", with(List.of("-march=" + target.text()), abi), scalar.linkFlags);
  }

  private static CompilerFlags clang(String triple, List<String> core, List<String> linkFlags) {
    return new CompilerFlags("clang-19", with(List.of("--target=" + triple), core), linkFlags);
  }

  private static List<String> with(List<String> flags, List<String> more) {
    List<String> all = new ArrayList<>(flags);
    all.addAll(more);
    return all;
  }
}
