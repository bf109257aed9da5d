package dev.thimble.toolchain;

import dev.thimble.target.Board;
import dev.thimble.target.CompilerFlags;
import dev.thimble.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

  /** QEMU's sifive_e is a board with this part; it starts in the flash at 0x20400000. */
  private static final String FE310 = "FE310";

  private static final long FE310_FLASH = 0x20400000L;
  private static final long FE310_RAM = 0x80000000L;
  private static final int FE310_RAM_BYTES = 0x4000;
  private static final int FE310_STACK_BYTES = 0x800;

  /** What the harness keeps in RAM beside the arena. */
  private static final int FE310_HARNESS_BYTES = 0x200;

  private static final List<Integer> VECTOR_BITS = List.of(128, 256, 1024);

  CoreModel {
    machine = List.copyOf(machine);
    startup = List.copyOf(startup);
    vectorBits = List.copyOf(vectorBits);
  }

  /**
   * Where a machine has memory: 4 MB for code and constants, and as many bytes for the rest.
   *
   * @param vectors where an Arm core finds its first instruction; elsewhere the same as flash
   * @param stackBytes of the RAM, for the stack
   */
  record MemoryMap(long vectors, long flash, long ram, int ramBytes, int stackBytes) {
    static final int BYTES = 0x400000;
    private static final int STACK_BYTES = 0x4000;

    static MemoryMap of(long flash, long ram) {
      return of(flash, flash, ram);
    }

    static MemoryMap of(long vectors, long flash, long ram) {
      return new MemoryMap(vectors, flash, ram, BYTES, STACK_BYTES);
    }

    /** The memories, as lines of the counting plugin's settings. */
    String regions() {
      return region("flash", flash, BYTES) + region("ram", ram, ramBytes);
    }

    private static String region(String name, long start, int bytes) {
      return String.format(Locale.ROOT, "region %s 0x%x 0x%x\n", name, start, start + bytes);
    }
  }

  /**
   * The core of a board, on a machine with the board's memory where QEMU has one that holds so many
   * bytes of RAM beside the stack; else the one that stands for the target.
   */
  static CoreModel of(Target target, Optional<Board> board, long ramBytes) {
    boolean fits = ramBytes + FE310_STACK_BYTES + FE310_HARNESS_BYTES <= FE310_RAM_BYTES;
    if (target != Target.RV32IMAC
        || !fits
        || !board.map(b -> b.part().contains(FE310)).orElse(false)) {
      return of(target);
    }
    CoreModel core = of(target);
    return new CoreModel(
        target,
        core.compiler,
        core.flags,
        core.simulator,
        List.of("-M", "sifive_e"),
        new MemoryMap(FE310_FLASH, FE310_FLASH, FE310_RAM, FE310_RAM_BYTES, FE310_STACK_BYTES),
        core.startup,
        core.vectorBits);
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
          cortexM(target, MemoryMap.of(0x10000000L, 0x31000000L, 0x60000000L), "mps3-an547");
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
