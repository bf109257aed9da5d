package dev.thimble.toolchain;

import dev.thimble.graph.Session;
import dev.thimble.graph.Value;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntConsumer;

/**
 * Builds a generated program's very files with a harness, runs it on each target, and compares
 * every value that it stores, and its outputs, with the reference evaluation of the network as
 * imported. A network that keeps state runs all samples in sequence, as one session.
 */
public final class Verifier {
  private static final String MAIN = "verify_main.c";

  private final Subject subject;
  private final List<List<Tensor>> samples;
  private final Machine.Optimization optimization;
  private final boolean sanitize;

  /**
   * A verification of one program.
   *
   * @param small whether the program is built for size, as {@code --prefer flash} has it
   * @param sanitize whether sanitizers watch it on the host
   */
  public Verifier(Subject subject, List<List<Tensor>> samples, boolean small, boolean sanitize) {
    this.subject = subject;
    this.samples = samples;
    this.optimization = small ? Machine.Optimization.SIZE : Machine.Optimization.SPEED;
    this.sanitize = sanitize;
  }

  /**
   * Verifies on all targets; {@code progress} hears of each sample that has been compared. Throws
   * {@link ToolException} when a tool is missing.
   */
  public Verification run(List<Target> targets, IntConsumer progress) throws IOException {
    List<Machine> machines = targets.stream().map(target -> Machine.of(target, sanitize)).toList();
    Tool.requireAll(machines.stream().flatMap(machine -> machine.tools().stream()).toList());
    List<Workspace> workspaces = new ArrayList<>();
    List<TargetComparison> comparisons = new ArrayList<>();
    try {
      for (Machine machine : machines) {
        Workspace workspace = Workspace.create();
        workspaces.add(workspace);
        simulate(machine, workspace, comparisons);
      }
      compare(comparisons, progress);
    } finally {
      for (TargetComparison comparison : comparisons) {
        comparison.close();
      }
      for (Workspace workspace : workspaces) {
        workspace.close();
      }
    }
    return new Verification(
        samples.size(),
        comparisons.stream().mapToLong(TargetComparison::valuesCompared).sum(),
        Verification.byTarget(comparisons.stream().map(TargetComparison::result).toList()));
  }

  /** Builds once, and runs with each length of vector registers that the machine lets choose. */
  private void simulate(Machine machine, Workspace workspace, List<TargetComparison> comparisons)
      throws IOException {
    Path folder = workspace.folder();
    Build.prepare(workspace, machine, subject, MAIN, samples);
    machine.build(
        folder,
        MAIN,
        Build.sources(subject),
        List.of("-D" + subject.program().name().upper() + "_TRACE"),
        optimization);
    if (machine.vectorBits().isEmpty()) {
      comparisons.add(run(machine, OptionalInt.empty(), folder));
    }
    for (int bits : machine.vectorBits()) {
      comparisons.add(run(machine, OptionalInt.of(bits), folder));
    }
  }

  private TargetComparison run(Machine machine, OptionalInt bits, Path folder) throws IOException {
    Command.Result result = machine.run(folder, bits);
    Path trace = folder.resolve("trace.bin");
    Path kept = folder.resolve("trace" + bits.orElse(0) + ".bin");
    if (Files.exists(trace)) {
      Files.move(trace, kept);
    }
    return new TargetComparison(machine.name(), bits, subject, kept, result);
  }

  private void compare(List<TargetComparison> comparisons, IntConsumer progress)
      throws IOException {
    Session session = new Session(subject.reference(), subject.rounding());
    for (int sample = 0; sample < samples.size(); sample++) {
      Map<Value, Tensor> inputs = new HashMap<>();
      for (int i = 0; i < samples.get(sample).size(); i++) {
        inputs.put(subject.reference().inputs().get(i), samples.get(sample).get(i));
      }
      Map<Value, Tensor> expected = session.values(inputs);
      for (TargetComparison comparison : comparisons) {
        comparison.compare(sample, expected);
      }
      progress.accept(sample);
    }
  }
}
