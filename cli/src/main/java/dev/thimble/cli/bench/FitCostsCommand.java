package dev.thimble.cli.bench;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.Compiler;
import dev.thimble.KernelWork;
import dev.thimble.Stage;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphException;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelException;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.data.Seeds;
import dev.thimble.kernel.KernelException;
import dev.thimble.kernel.cost.Unit;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.toolchain.Profile;
import dev.thimble.toolchain.Profiler;
import dev.thimble.toolchain.ProgramException;
import dev.thimble.toolchain.ProgramFiles;
import dev.thimble.toolchain.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code fit-costs}: profiles programs of portable kernels on a simulated core, and prints the
 * table of costs that estimates of the target are made from. For whoever adds a target or changes a
 * kernel.
 */
@Command(
    name = "fit-costs",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Measures what portable kernels cost on a target; prints costs/TARGET.txt.")
public final class FitCostsCommand implements Callable<Integer> {
  /** What simulated cores have, less the stack. */
  private static final long MOST_RAM = 2_000_000;

  @Parameters(
      paramLabel = "MODELS",
      arity = "1..*",
      description = ".tflite files, or folders of them at any depth.")
  private List<Path> models = new ArrayList<>();

  @Option(names = "--target", paramLabel = "T", required = true, description = "A simulated core.")
  private String target = "";

  @Option(
      names = "--max-macs",
      paramLabel = "N",
      defaultValue = "20000000",
      description = "Larger networks are left out (default: ${DEFAULT-VALUE}).")
  private long maxMacs;

  private final Map<String, List<CostFit.Sample>> samples = new TreeMap<>();
  private String basis = "";

  @Override
  public Integer call() throws IOException {
    Target core = Target.ofText(target);
    measure(core, CostSamples.model(false), "samples of int8");
    measure(core, CostSamples.model(true), "samples of floats");
    for (Path given : models) {
      try (Stream<Path> files = Files.walk(given)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".tflite")).sorted().toList()) {
          measure(core, file);
        }
      }
    }
    System.out.println(
        "basis: fitted to profiles of portable kernels, built with -O2, on " + basis);
    samples.forEach(FitCostsCommand::print);
    print("other_s8", all("_s8"));
    print("other_f32", all("_f32"));
    return 0;
  }

  private List<CostFit.Sample> all(String type) {
    return samples.entrySet().stream()
        .filter(entry -> entry.getKey().contains(type))
        .flatMap(entry -> entry.getValue().stream())
        .toList();
  }

  private static void print(String function, List<CostFit.Sample> measured) {
    Map<Unit, Double> costs = CostFit.fit(measured);
    StringBuilder line = new StringBuilder(function);
    costs.forEach((unit, cycles) ->
        line.append(
            String.format(Locale.ROOT, " %s=%.4g", unit.name().toLowerCase(Locale.ROOT), cycles)));
    System.out.println(line);
    System.err.printf(
        Locale.ROOT,
        "%-32s %4d samples, error %5.1f %% in the mean, %5.1f %% at most%n",
        function,
        measured.size(),
        100 * CostFit.meanError(measured, costs),
        100 * CostFit.worstError(measured, costs));
  }

  /** Profiles the network of a file; those that cannot be compiled are left out. */
  private void measure(Target core, Path file) throws IOException {
    ImportedModel model;
    try {
      model = ModelImporter.read(file);
    } catch (ModelException | GraphException e) {
      leaveOut(file.toString(), e);
      return;
    }
    measure(core, model, file.toString());
  }

  private void measure(Target core, ImportedModel model, String name) throws IOException {
    try (Workspace scratch = Workspace.create()) {
      Compilation compilation =
          Compiler.compile(
              model,
              CompileOptions.DEFAULTS.withName("measured").withTarget(core),
              Stage.Listener.NONE);
      if (compilation.graph().macs() > maxMacs || compilation.plan().arenaBytes() > MOST_RAM) {
        return;
      }
      ProgramFiles.write(scratch.folder(), compilation.program().files());
      List<Tensor> sample = Seeds.sample(1, compilation.reference().inputs());
      Profile profile =
          new Profiler(compilation.subject(scratch.folder()), sample, false).run(core);
      record(compilation, profile);
    } catch (GraphException | KernelException | IllegalArgumentException | ProgramException e) {
      leaveOut(name, e);
    }
  }

  private static void leaveOut(String name, Exception e) {
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    System.err.println(name + ": left out: " + reason);
  }

  private void record(Compilation compilation, Profile profile) {
    Graph graph = compilation.graph();
    boolean timed = profile.cyclesBasis().isPresent();
    basis =
        profile.target()
            + ", "
            + profile.cyclesBasis().orElse("executed instructions, a cycle each");
    for (KernelWork work : KernelWork.of(compilation.plan().schedule())) {
      int number =
          compilation.program().nodes().get(graph.nodes().indexOf(work.nodes().getFirst()));
      Profile.Counts counts = profile.functions().get(number);
      if (counts != null && work.kernel().isPortable()) {
        samples
            .computeIfAbsent(work.kernel().function(), f -> new ArrayList<>())
            .add(new CostFit.Sample(work.work(), timed ? counts.cycles() : counts.instructions()));
      }
    }
  }
}
