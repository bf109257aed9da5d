package dev.thimble.toolchain;

import dev.thimble.target.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Cortex-M core, simulated by QEMU. */
record CortexM(Model model) implements Machine {
  static final String PROGRAM = "program.elf";
  static final String FOOTPRINT = "footprint.elf";

  private static final int MEMORY_BYTES = 0x400000;
  private static final int STACK_BYTES = 0x4000;

  /**
   * What tells one core from another: how to compile for it, and a machine of QEMU that has it,
   * with 4 MB of code and 4 MB of RAM.
   */
  enum Model {
    M0PLUS(
        Target.CORTEX_M0PLUS,
        List.of(),
        List.of(
            "microbit",
            "-global",
            "nrf51-soc.flash-size=0x400000",
            "-global",
            "nrf51-soc.sram-size=0x400000"),
        0,
        0x20000000L,
        true),
    M3(Target.CORTEX_M3, List.of(), List.of("mps2-an385"), 0, 0x20000000L, true),
    M4(
        Target.CORTEX_M4,
        List.of("-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"),
        List.of("mps2-an386"),
        0,
        0x20000000L,
        true),
    M7(
        Target.CORTEX_M7,
        List.of("-mfpu=fpv5-d16", "-mfloat-abi=hard"),
        List.of("mps2-an500"),
        0,
        0x20000000L,
        false),
    M33(
        Target.CORTEX_M33,
        List.of("-mfpu=fpv5-sp-d16", "-mfloat-abi=hard"),
        List.of("mps2-an505"),
        0x10000000L,
        0x38000000L,
        false);

    private final Target target;
    private final List<String> flags;
    private final List<String> machine;
    private final long flash;
    private final long ram;
    private final boolean timed;

    Model(
        Target target,
        List<String> flags,
        List<String> machine,
        long flash,
        long ram,
        boolean timed) {
      this.target = target;
      this.flags = flags;
      this.machine = machine;
      this.flash = flash;
      this.ram = ram;
      this.timed = timed;
    }

    /** Whether the counting plugin has a model of the core's timing. */
    boolean timed() {
      return timed;
    }

    /** The memories, as lines of the counting plugin's settings. */
    String regions() {
      return region("flash", flash) + region("ram", ram);
    }

    private static String region(String name, long start) {
      return "region "
          + name
          + " 0x"
          + Long.toHexString(start)
          + " 0x"
          + Long.toHexString(start + MEMORY_BYTES)
          + "\n";
    }

    static Model of(Target target) {
      for (Model model : values()) {
        if (model.target == target) {
          return model;
        }
      }
      throw new IllegalArgumentException("target " + target.text() + " is no simulated Cortex-M");
    }
  }

  @Override
  public String name() {
    return model.target.text();
  }

  @Override
  public List<String> harness(String main) {
    return List.of(
        "harness/" + main,
        "harness/sample.h",
        "harness/platform.h",
        "harness/platform_semihosting.c",
        "startup/cortex_m.c",
        "startup/cortex_m_mpu.c",
        "startup/cortex_m.ld");
  }

  @Override
  public void build(
      Path folder, String main, List<String> sources, List<String> flags, Optimization how)
      throws IOException {
    List<String> all = new ArrayList<>(sources);
    all.addAll(harnessSources(main));
    compiler(folder)
        .add("-nostartfiles", "--specs=nano.specs")
        .add(
            symbol("flash_origin", model.flash),
            symbol("flash_length", MEMORY_BYTES),
            symbol("ram_origin", model.ram),
            symbol("ram_length", MEMORY_BYTES),
            symbol("stack_size", STACK_BYTES))
        .add("-T", "cortex_m.ld")
        .add(compile(folder, all, flags, how))
        .add("-o", PROGRAM, "-lm")
        .buildOrFail();
  }

  /** Links a program that is only measured: no start-up code, and nothing that is not called. */
  void buildFootprint(Path folder, String main, List<String> sources, Optimization how)
      throws IOException {
    List<String> all = new ArrayList<>(sources);
    all.add(main);
    compiler(folder)
        .add("-nostartfiles", "--specs=nano.specs", "-Wl,--gc-sections,-e,main")
        .add(compile(folder, all, List.of("-ffunction-sections", "-fdata-sections"), how))
        .add("-o", FOOTPRINT, "-lm")
        .buildOrFail();
  }

  private List<String> compile(
      Path folder, List<String> sources, List<String> flags, Optimization how) throws IOException {
    List<String> objects = new ArrayList<>();
    for (String source : sources) {
      String object = source.replaceAll("\\.c$", ".o");
      compiler(folder)
          .add(STRICT)
          .add(EXACT)
          .add(how.flag(), "-g", "-I.")
          .add(flags)
          .add("-c", source, "-o", object)
          .buildOrFail();
      objects.add(object);
    }
    return objects;
  }

  static List<String> harnessSources(String main) {
    return List.of(main, "platform_semihosting.c", "cortex_m.c", "cortex_m_mpu.c");
  }

  @Override
  public Command.Result run(Path folder) throws IOException {
    return simulator(folder).within(RUN_LIMIT).runToLimit();
  }

  /** The simulation as a command, to which a plugin may be added. */
  Command simulator(Path folder) {
    return new Command(folder, Tool.QEMU_ARM.require())
        .add("-M")
        .add(model.machine)
        .add("-display", "none", "-monitor", "none", "-serial", "none")
        .add("-semihosting-config", "enable=on,target=native", "-kernel", PROGRAM);
  }

  private static String symbol(String name, long value) {
    return "-Wl,--defsym=__" + name + "=0x" + Long.toHexString(value);
  }

  private Command compiler(Path folder) {
    return new Command(folder, Tool.ARM_GCC.require())
        .add("-mcpu=" + name(), "-mthumb")
        .add(model.flags);
  }
}
