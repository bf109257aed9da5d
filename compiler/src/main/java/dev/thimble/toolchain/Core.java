package dev.thimble.toolchain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** A core that QEMU simulates. */
record Core(CoreModel model) implements Machine {
  static final String PROGRAM = "program.elf";
  static final String FOOTPRINT = "footprint.elf";

  @Override
  public String name() {
    return model.target().text();
  }

  @Override
  public List<Tool> tools() {
    List<Tool> tools = new ArrayList<>(model.compiler().tools());
    tools.add(model.simulator());
    return tools;
  }

  @Override
  public List<Integer> vectorBits() {
    return model.vectorBits();
  }

  @Override
  public List<String> harness(String main) {
    List<String> files =
        new ArrayList<>(
            List.of(
                "harness/" + main,
                "harness/sample.h",
                "harness/platform.h",
                "harness/platform_semihosting.c"));
    model.startup().forEach(file -> files.add("startup/" + file));
    return files;
  }

  @Override
  public void build(
      Path folder, String main, List<String> sources, List<String> flags, Optimization how)
      throws IOException {
    List<String> all = new ArrayList<>(sources);
    all.addAll(List.of(main, "platform_semihosting.c"));
    model.startup().stream().filter(file -> file.endsWith(".c")).forEach(all::add);
    link(folder, model.memory().stackBytes())
        .add(compile(folder, all, flags, how))
        .add("-o", PROGRAM)
        .add(model.compiler().libraries())
        .buildOrFail();
  }

  /** Links a program that is only measured: no start-up code, and nothing that is not called. */
  void buildFootprint(Path folder, String main, List<String> sources, Optimization how)
      throws IOException {
    List<String> all = new ArrayList<>(sources);
    all.add(main);
    // Without a stack, which is no part of what is measured.
    link(folder, 0)
        .add("-Wl,--gc-sections,-e,main")
        .add(compile(folder, all, List.of("-ffunction-sections", "-fdata-sections"), how))
        .add("-o", FOOTPRINT)
        .add(model.compiler().libraries())
        .buildOrFail();
  }

  private Command link(Path folder, int stackBytes) throws IOException {
    CoreModel.MemoryMap memory = model.memory();
    return model
        .compiler()
        .link(model.flags(), folder)
        .add(
            symbol("vectors_origin", memory.vectors()),
            symbol("flash_origin", memory.flash()),
            symbol("flash_length", CoreModel.MemoryMap.BYTES),
            symbol("ram_origin", memory.ram()),
            symbol("ram_length", memory.ramBytes()),
            symbol("stack_size", stackBytes))
        .add("-T", model.linkerScript());
  }

  private List<String> compile(
      Path folder, List<String> sources, List<String> flags, Optimization how) throws IOException {
    CrossCompiler compiler = model.compiler();
    List<String> prefix = compiler.flags(model.flags(), folder);
    List<String> objects = new ArrayList<>();
    for (String source : sources) {
      String object = source.replaceAll("\\.c$", ".o");
      new Command(folder, compiler.path())
          .add(prefix)
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

  @Override
  public Command.Result run(Path folder, OptionalInt bits) throws IOException {
    return simulator(folder, bits).within(RUN_LIMIT).runToLimit();
  }

  /** The simulation as a command, to which a plugin may be added. */
  Command simulator(Path folder, OptionalInt bits) {
    return new Command(folder, model.simulator().require())
        .add(model.machine(bits))
        .add("-display", "none", "-monitor", "none", "-serial", "none")
        .add("-semihosting-config", "enable=on,target=native", "-kernel", PROGRAM);
  }

  private static String symbol(String name, long value) {
    return "-Wl,--defsym=__" + name + "=0x" + Long.toHexString(value);
  }
}
