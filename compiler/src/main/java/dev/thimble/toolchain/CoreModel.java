package dev.thimble.toolchain;

import dev.thimble.target.Target;
import dev.thimble.toolchain.CrossCompiler.Flags;
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
    Flags flags,
    Tool simulator,
    List<String> machine,
    MemoryMap memory,
    List<String> startup,
    List<Integer> vectorBits) {
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
      case CORTEX_M3 -> arm(target, "mps2-an385");
      case CORTEX_M4 -> arm(target, "mps2-an386", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard");
      case CORTEX_M7 -> arm(target, "mps2-an500", "-mfpu=fpv5-d16", "-mfloat-abi=hard");
      case CORTEX_M33 -> m33();
      case CORTEX_M55 -> m55();
      case RV32IMC, RV32IMAC -> riscv(target, Tool.QEMU_RISCV32, "-mabi=ilp32");
      case RV32GC -> riscv(target, Tool.QEMU_RISCV32, "-mabi=ilp32d");
      case RV64GC -> riscv(target, Tool.QEMU_RISCV64, "-mabi=lp64d", "-mcmodel=medany");
      case RV32GCV -> vector(target, riscv(Target.RV32GC, Tool.QEMU_RISCV32, "-mabi=ilp32d"));
      case RV64GCV ->
          vector(target, riscv(Target.RV64GC, Tool.QEMU_RISCV64, "-mabi=lp64d", "-mcmodel=medany"));
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

  private static CoreModel arm(Target target, String machine, String... floats) {
    return arm(target, List.of(machine), MemoryMap.of(0, 0x20000000L), List.of(floats));
  }

  /** The one machine of QEMU with a true ARMv6-M core, with more memory than the board has. */
  private static CoreModel m0Plus() {
    List<String> machine =
        List.of(
            "microbit",
            "-global",
            "nrf51-soc.flash-size=0x400000",
            "-global",
            "nrf51-soc.sram-size=0x400000");
    return arm(Target.CORTEX_M0PLUS, machine, MemoryMap.of(0, 0x20000000L), List.of());
  }

  private static CoreModel m33() {
    return arm(
        Target.CORTEX_M33,
        List.of("mps2-an505"),
        MemoryMap.of(0x10000000L, 0x38000000L),
        List.of("-mfpu=fpv5-sp-d16", "-mfloat-abi=hard"));
  }

  private static CoreModel arm(
      Target target, List<String> machine, MemoryMap memory, List<String> floats) {
    List<String> flags = new ArrayList<>(List.of("-mcpu=" + target.text(), "-mthumb"));
    flags.addAll(floats);
    return cortexM(target, CrossCompiler.ARM_GCC, new Flags(flags, flags), machine, memory);
  }

  /** GCC 12 knows the Helium instructions but makes poor code of them. */
  private static CoreModel m55() {
    Flags flags =
        new Flags(
            List.of("--target=thumbv8.1m.main-none-eabihf", "-mcpu=cortex-m55", "-mfloat-abi=hard"),
            List.of("-mcpu=cortex-m55", "-mthumb", "-mfloat-abi=hard"));
    return cortexM(
        Target.CORTEX_M55,
        CrossCompiler.ARM_CLANG,
        flags,
        List.of("mps3-an547"),
        new MemoryMap(0x10000000L, 0x31000000L, 0x60000000L));
  }

  private static CoreModel cortexM(
      Target target, CrossCompiler compiler, Flags flags, List<String> machine, MemoryMap memory) {
    List<String> simulated = new ArrayList<>(List.of("-M"));
    simulated.addAll(machine);
    return new CoreModel(
        target,
        compiler,
        flags,
        Tool.QEMU_ARM,
        simulated,
        memory,
        List.of("cortex_m.c", "cortex_m_mpu.c", "cortex_m.ld"),
        List.of());
  }

  /** The old ISA specification's names: by the newer ones GCC 12 takes the wrong libraries. */
  private static CoreModel riscv(Target target, Tool simulator, String... more) {
    List<String> flags = new ArrayList<>(List.of("-march=" + target.text(), "-misa-spec=2.2"));
    flags.addAll(List.of(more));
    return new CoreModel(
        target,
        CrossCompiler.RISCV_GCC,
        new Flags(flags, flags),
        simulator,
        List.of("-M", "virt", "-bios", "none"),
        MemoryMap.of(0x80000000L, 0x80400000L),
        List.of("riscv.c", "riscv.ld"),
        List.of());
  }

  /** GCC 12 has no vector intrinsics; it links what clang compiled as if there were no vectors. */
  private static CoreModel vector(Target target, CoreModel scalar) {
    String abi = scalar.flags.link().get(2);
    List<String> compile =
        List.of(
            "--target=" + (target == Target.RV32GCV ? "riscv32" : "riscv64") + "-unknown-elf",
            "-march=" + target.text(),
            abi,
            "-mcmodel=medany");
    return new CoreModel(
        target,
        CrossCompiler.RISCV_CLANG,
        new Flags(compile, scalar.flags.link()),
        scalar.simulator,
        scalar.machine,
        scalar.memory,
        scalar.startup,
        List.of(128, 256, 1024));
  }
}
