package dev.thimble.toolchain;

import dev.thimble.target.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Cortex-M core, simulated by QEMU. */
record CortexM(Model model) implements Machine {
  static final String PROGRAM = "program.elf";

  /**
   * What tells one core from another: how to compile for it, and a machine of QEMU that has it.
   *
   * @param cpu the core's name, as compilers and the counting plugin take it
   * @param flags what the compiler needs beyond {@code -mcpu}
   */
  enum Model {
    M3("cortex-m3", List.of("-mthumb"), "mps2-an385"),
    M4("cortex-m4", List.of("-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"), "mps2-an386"),
    M7("cortex-m7", List.of("-mthumb", "-mfpu=fpv5-d16", "-mfloat-abi=hard"), "mps2-an500");

    private final String cpu;
    private final List<String> flags;
    private final String machine;

    Model(String cpu, List<String> flags, String machine) {
      this.cpu = cpu;
      this.flags = flags;
      this.machine = machine;
    }

    String cpu() {
      return cpu;
    }

    static Model of(Target target) {
      for (Model model : values()) {
        if (model.cpu.equals(target.text())) {
          return model;
        }
      }
      throw new IllegalArgumentException("target " + target.text() + " is no simulated Cortex-M");
    }
  }

  // The memories of Arm's MPS2 boards: SSRAM1 with the code, SSRAM2 and 3 as RAM.
  private static final List<String> MEMORY =
      List.of(
          "-Wl,--defsym=__flash_origin=0",
          "-Wl,--defsym=__flash_length=0x400000",
          "-Wl,--defsym=__ram_origin=0x20000000",
          "-Wl,--defsym=__ram_length=0x400000",
          "-Wl,--defsym=__stack_size=0x4000");

  @Override
  public String name() {
    return model.cpu;
  }

  @Override
  public List<String> harness(String main) {
    return List.of(
        "harness/" + main,
        "harness/sample.h",
        "harness/platform.h",
        "harness/platform_semihosting.c",
        "startup/cortex_m.c",
        "startup/cortex_m.ld");
  }

  @Override
  public void build(
      Path folder, String main, List<String> sources, List<String> flags, Optimization how)
      throws IOException {
    List<String> objects = new ArrayList<>();
    List<String> all = new ArrayList<>(sources);
    all.addAll(harnessSources(main));
    for (String source : all) {
      String object = source.replaceAll("\\.c$", ".o");
      compiler(folder).add(STRICT).add(EXACT).add(how.flag(), "-g", "-I.").add(flags)
          .add("-c", source, "-o", object)
          .runOrFail();
      objects.add(object);
    }
    compiler(folder)
        .add("-nostartfiles", "--specs=nano.specs")
        .add(MEMORY)
        .add("-T", "cortex_m.ld")
        .add(objects)
        .add("-o", PROGRAM, "-lm")
        .runOrFail();
  }

  static List<String> harnessSources(String main) {
    return List.of(main, "platform_semihosting.c", "cortex_m.c");
  }

  @Override
  public Command.Result run(Path folder) throws IOException {
    return simulator(folder).run();
  }

  /** The simulation as a command, to which a plugin may be added. */
  Command simulator(Path folder) {
    return new Command(folder, Tool.QEMU_ARM.require())
        .add("-M", model.machine, "-display", "none", "-monitor", "none", "-serial", "none")
        .add("-semihosting-config", "enable=on,target=native", "-kernel", PROGRAM);
  }

  private Command compiler(Path folder) {
    return new Command(folder, Tool.ARM_GCC.require()).add("-mcpu=" + model.cpu).add(model.flags);
  }
}
