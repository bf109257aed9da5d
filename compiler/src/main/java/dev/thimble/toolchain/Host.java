package dev.thimble.toolchain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The machine that Thimble runs on.
 *
 * @param sanitize whether the address and undefined-behaviour sanitizers watch the program
 */
record Host(boolean sanitize) implements Machine {
  private static final String PROGRAM = "program";

  @Override
  public String name() {
    return "portable";
  }

  @Override
  public List<Tool> tools() {
    return List.of(Tool.GCC);
  }

  @Override
  public List<String> harness(String main) {
    return List.of(
        "harness/" + main, "harness/sample.h", "harness/platform.h", "harness/platform_host.c");
  }

  @Override
  public void build(
      Path folder, String main, List<String> sources, List<String> flags, Optimization how)
      throws IOException {
    List<String> all = new ArrayList<>(sources);
    all.addAll(List.of(main, "platform_host.c"));
    Command compile =
        new Command(folder, Tool.GCC.require())
            .add(STRICT)
            .add(EXACT)
            .add(how.flag(), "-g", "-I.")
            .add(flags);
    if (sanitize) {
      compile.add("-fsanitize=address,undefined", "-fno-sanitize-recover=all");
    }
    compile.add(all).add("-o", PROGRAM, "-lm").buildOrFail();
  }

  @Override
  public List<Integer> vectorBits() {
    return List.of();
  }

  @Override
  public Command.Result run(Path folder, OptionalInt bits) throws IOException {
    return new Command(folder, folder.resolve(PROGRAM)).within(RUN_LIMIT).runToLimit();
  }
}
