package dev.thimble.toolchain;

import dev.thimble.target.Board;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Runs one inference of a generated program, without trace hook, on a simulated core, while a
 * plugin of the simulator counts what it executes.
 */
public final class Profiler {
  private static final String MAIN = "profile_main.c";
  private static final String FOOTPRINT = "footprint_main.c";
  private static final String PLUGIN = "libthimble_count.so";
  private static final String SETTINGS = "count_settings.txt";
  private static final String COUNTS = "counts.txt";
  private static final List<String> PLUGIN_SOURCES =
      List.of(
          "count.c",
          "settings.c",
          "timing.c",
          "pipeline.c",
          "cortex_m_timing.c",
          "superscalar_timing.c",
          "thumb.c",
          "thumb_registers.c",
          "riscv_timing.c",
          "vectors.c");
  private static final List<String> PLUGIN_HEADERS =
      List.of("settings.h", "timing.h", "pipeline.h", "thumb.h", "vectors.h", "qemu_plugin_v1.h");

  private final Subject subject;
  private final List<Tensor> sample;
  private final Machine.Optimization optimization;
  private final OptionalInt vectorBits;
  private final Optional<Board> board;

  /** A profile of one program; {@code small} says whether it is built for size. */
  public Profiler(Subject subject, List<Tensor> sample, boolean small) {
    this(subject, sample, small, OptionalInt.empty(), Optional.empty());
  }

  /**
   * A profile of one program.
   *
   * @param vectorBits the length of vector registers, a power of two from 128 to 1024
   * @param board whose core's timing to take, where the target does not say it
   */
  public Profiler(
      Subject subject,
      List<Tensor> sample,
      boolean small,
      OptionalInt vectorBits,
      Optional<Board> board) {
    this.board = board;
    if (vectorBits.isPresent() && !List.of(128, 256, 512, 1024).contains(vectorBits.getAsInt())) {
      throw new IllegalArgumentException(
          "vector registers have 128, 256, 512 or 1024 bits, not " + vectorBits.getAsInt());
    }
    this.vectorBits = vectorBits;
    this.subject = subject;
    this.sample = sample;
    this.optimization = small ? Machine.Optimization.SIZE : Machine.Optimization.SPEED;
  }

  /**
   * Profiles on a target. Throws {@link ToolException} when a tool is missing and {@link
   * IllegalArgumentException} for the portable target, which is no core that counts.
   */
  public Profile run(Target target) throws IOException {
    Core machine = new Core(CoreModel.of(target, board, subject.program().arenaBytes()));
    OptionalInt bits = vectorBits(machine);
    Tool.requireAll(Stream.concat(machine.tools().stream(), Stream.of(Tool.GCC)).toList());
    try (Workspace workspace = Workspace.create()) {
      Path folder = workspace.folder();
      Build.prepare(workspace, machine, subject, MAIN, List.of(sample));
      machine.build(folder, MAIN, Build.sources(subject), List.of(), optimization);
      buildPlugin(workspace);
      Files.writeString(folder.resolve(SETTINGS), settings(machine, bits, folder));
      machine
          .simulator(folder, bits)
          .add("-plugin", folder.resolve(PLUGIN) + ",settings=" + SETTINGS)
          .runOrFail();
      return read(machine, bits, workspace);
    }
  }

  private static void buildPlugin(Workspace workspace) throws IOException {
    List<String> files = new ArrayList<>(PLUGIN_SOURCES);
    files.addAll(PLUGIN_HEADERS);
    workspace.addResources(files.stream().map(file -> "plugin/" + file).toList());
    new Command(workspace.folder(), Tool.GCC.require())
        .add("-std=gnu99", "-O2", "-shared", "-fPIC", "-o", PLUGIN)
        .add(PLUGIN_SOURCES)
        .runOrFail();
  }

  private String settings(Core machine, OptionalInt bits, Path folder) throws IOException {
    Symbols symbols = Symbols.read(folder, machine.model().compiler().binutil("nm"), Core.PROGRAM);
    String name = subject.program().name().lower();
    StringBuilder text = new StringBuilder();
    text.append("out " + COUNTS + "\n");
    TimedCore.of(machine.model().target(), board)
        .ifPresent(core -> text.append("cpu " + core + "\n"));
    bits.ifPresent(n -> text.append("vector " + n + "\n"));
    text.append("begin " + symbols.require("thimble_profile_begin").start() + "\n");
    text.append("end " + symbols.require("thimble_profile_end").start() + "\n");
    text.append("skip " + symbols.require("thimble_profile_measured").range() + "\n");
    String entry = name + (subject.program().fedByRows() ? "_push_row_0" : "_run");
    text.append("run " + symbols.require(entry).range() + "\n");
    symbols.find("thimble_stream_run").ifPresent(s -> text.append("run " + s.range() + "\n"));
    int functions = subject.program().nodes().stream().mapToInt(n -> n + 1).max().orElse(0);
    for (int i = 0; i < functions; i++) {
      text.append("node " + i + " " + symbols.require(name + "_node_" + i).start() + "\n");
    }
    text.append("stack " + symbols.require("__stack_bottom").start());
    text.append(" " + symbols.require("__stack_top").start() + "\n");
    return text.append(machine.model().memory().regions()).toString();
  }

  private Profile read(Core machine, OptionalInt bits, Workspace workspace) throws IOException {
    CountsFile counts = CountsFile.read(workspace.folder().resolve(COUNTS));
    return new Profile(
        machine.name(),
        bits,
        counts.total(),
        counts.cyclesBasis(),
        counts.stackBytes(),
        codeBytes(machine, workspace),
        counts.functions(),
        counts.regions());
  }

  /**
   * Links the program by itself, so that nothing of the harness and of the libraries that only the
   * harness needs is counted.
   */
  private long codeBytes(Core machine, Workspace workspace) throws IOException {
    workspace.addResources(List.of("harness/" + FOOTPRINT));
    Path folder = workspace.folder();
    machine.buildFootprint(folder, FOOTPRINT, Build.sources(subject), optimization);
    Path size = machine.model().compiler().binutil("size");
    return flashBytes(size, folder, Core.FOOTPRINT)
        - flashBytes(size, folder, FOOTPRINT.replace(".c", ".o"))
        - subject.program().sizes().weights();
  }

  /** The text and data columns of {@code size}: what a file takes in flash. */
  private static long flashBytes(Path size, Path folder, String file) throws IOException {
    String table = new Command(folder, size).add(file).runOrFail();
    String[] columns = table.lines().skip(1).findFirst().orElseThrow().strip().split("\\s+");
    return Long.parseLong(columns[0]) + Long.parseLong(columns[1]);
  }

  /** The wanted length of vector registers, or the machine's first, if it has a choice. */
  private OptionalInt vectorBits(Core machine) {
    List<Integer> choice = machine.vectorBits();
    if (choice.isEmpty()) {
      if (vectorBits.isPresent()) {
        throw new IllegalArgumentException(
            "target " + machine.name() + " has no vector length to choose; leave --vlen away");
      }
      return OptionalInt.empty();
    }
    return vectorBits.isPresent() ? vectorBits : OptionalInt.of(choice.getFirst());
  }
}
