package dev.thimble.toolchain;

import dev.thimble.target.CompilerFlags;
import dev.thimble.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * What tells one simulated core from another: how to compile for it, and a machine of QEMU that has
 * it.
 *
 * @param compiler the C compiler that makes the best code for it
 * @param flags what tells the compiler the core
 * @param simulator the simulator
 * @param machine the simulator's arguments that choose the machine
 * @param memory where the machine has memory
 * @param startup the start-up code, of the resources' {@code startup/}, and the linker script last
 * @param vectorBits the lengths of vector registers on which programs are verified, the one that
 *     profiles take first; none where a core has no choice
 */
record CoreModel(
    Target target,
    CrossCompiler compiler,
    CompilerFlags flags,
    Tool simulator,
    List<String> machine,
    MemoryMap memory,
    List<String> startup,
    List<Integer> vectorBits) {
  private static final MemoryMap FAMILIAR = MemoryMap.of(0, 0x20000000L);
  private static final List<Integer> VECTOR_BITS = List.of(128, 256, 1024);

  CoreModel {
    machine = List.copyOf(machine);
    startup = List.copyOf(startup);
    vectorBits = List.copyOf(vectorBits);
  }

  /**
   * Where a machine has memory: 4 MB for code and constants, and 4 MB for the rest.
   *
   * @param vectors where an Arm core finds its first instruction; elsewhere the same as flash
   */
  record MemoryMap(long vectors, long flash, long ram) {
    static final int BYTES = 0x400000;

    static MemoryMap of(long flash, long ram) {
      return new MemoryMap(flash, flash, ram);
    }

    /** The memories, as lines of the counting plugin's settings. */
    String regions() {
      return region("flash", flash) + region("ram", ram);
    }

    private static String region(String name, long start) {
      return String.format(Locale.ROOT, "region %s 0x%x 0x%x\n", name, start, start + BYTES);
    }
  }

  /** The core that stands for the target; throws {@link IllegalArgumentException} for none. */
  static CoreModel of(Target target) {
    return switch (target) {
      case PORTABLE ->
          throw new IllegalArgumentException(
              "target portable is this machine and no core that counts; choose one by --target, as"
                  + " cortex-m4");
      case CORTEX_M0PLUS -> m0Plus();
      case CORTEX_M3 -> cortexM(target, FAMILIAR, "mps2-an385");
      case CORTEX_M4 -> cortexM(target, FAMILIAR, "mps2-an386");
      case CORTEX_M7 -> cortexM(target, FAMILIAR, "mps2-an500");
      case CORTEX_M33 -> cortexM(target, MemoryMap.of(0x10000000L, 0x38000000L), "mps2-an505");
      case CORTEX_M55 ->
          cortexM(target, new MemoryMap(0x10000000L, 0x31000000L, 0x60000000L), "mps3-an547");
      case RV32IMC, RV32IMAC, RV32GC -> riscv(target, Tool.QEMU_RISCV32, List.of());
      case RV64GC -> riscv(target, Tool.QEMU_RISCV64, List.of());
      case RV32GCV -> riscv(target, Tool.QEMU_RISCV32, VECTOR_BITS);
      case RV64GCV -> riscv(target, Tool.QEMU_RISCV64, VECTOR_BITS);
    };
  }

  /** The simulator's arguments for the machine with vectors of this length, if it has any. */
  List<String> machine(OptionalInt bits) {
    List<String> all = new ArrayList<>(machine);
    if (bits.isPresent()) {
      String bare = simulator == Tool.QEMU_RISCV32 ? "rv32" : "rv64";
      all.addAll(List.of("-cpu", bare + ",v=true,vext_spec=v1.0,vlen=" + bits.getAsInt()));
    }
    return all;
  }

  String linkerScript() {
    return startup.getLast();
  }

  /** The one machine of QEMU with a true ARMv6-M core, with more memory than the board has. */
  private static CoreModel m0Plus() {
    return cortexM(
        Target.CORTEX_M0PLUS,
        FAMILIAR,
        "microbit",
        "-global",
        "nrf51-soc.flash-size=0x400000",
        "-global",
        "nrf51-soc.sram-size=0x400000");
  }

  private static CoreModel cortexM(Target target, MemoryMap memory, String... machine) {
    List<String> simulated = new ArrayList<>(List.of("-M"));
    simulated.addAll(List.of(machine));
    return new CoreModel(
        target,
        target == Target.CORTEX_M55 ? CrossCompiler.ARM_CLANG : CrossCompiler.ARM_GCC,
        CompilerFlags.of(target),
        Tool.QEMU_ARM,
        simulated,
        memory,
        List.of("cortex_m.c", "cortex_m_mpu.c", "cortex_m.ld"),
        List.of());
  }

  private static CoreModel riscv(Target target, Tool simulator, List<Integer> vectorBits) {
    return new CoreModel(
        target,
        vectorBits.isEmpty() ? CrossCompiler.RISCV_GCC : CrossCompiler.RISCV_CLANG,
        CompilerFlags.of(target),
        simulator,
        List.of("-M", "virt", "-bios", "none"),
        MemoryMap.of(0x80000000L, 0x80400000L),
        List.of("riscv.c", "riscv.ld"),
        vectorBits);
  }
}
