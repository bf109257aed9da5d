package dev.thimble.cli.bench;

import dev.thimble.cli.OutputFile;
import dev.thimble.report.Json;
import dev.thimble.target.Target;
import dev.thimble.toolchain.ProgramFiles;
import dev.thimble.toolchain.Simulated;
import dev.thimble.toolchain.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench}: measures, and writes the page of {@code docs/} that says what came out. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures arenas, instructions and cycles on simulated cores, time on the host beside other",
      "runtimes, offset assignment, the time to compile and what formats of filters cost, and",
      "writes docs/benchmarks.md."
    })
public final class BenchCommand implements Callable<Integer> {
  private enum Part {
    MEMORY,
    SPEED,
    HOST,
    ALLOCATOR,
    PLANNING,
    FORMATS;

    private boolean needsNetworks() {
      return this == MEMORY || this == SPEED || this == HOST;
    }
  }

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The page (default: docs/benchmarks.md; with --only, stdout).")
  private @Nullable Path out;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = {
        "A folder with .tflite files at any depth, beside the examples; may be repeated.",
        "Instances of the allocator benchmark are taken from folders in it called minimalloc."
      })
  private List<Path> models = new ArrayList<>();

  @Option(
      names = "--allocator",
      paramLabel = "DIR",
      description = "A folder with instances NAME.CAPACITY.csv of minimalloc; may be repeated.")
  private List<Path> allocator = new ArrayList<>();

  @Option(
      names = "--target",
      paramLabel = "T",
      defaultValue = "cortex-m4",
      description = "The simulated core (default: ${DEFAULT-VALUE}).")
  private String target = "cortex-m4";

  @Option(
      names = "--only",
      paramLabel = "PART",
      description = "Measure just this: memory, speed, host, allocator, planning or formats.")
  private @Nullable String only;

  @Option(names = "--json", description = "Print the figures as JSON to stdout.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Target core = Target.ofText(target);
    if (!Simulated.profiles(core)) {
      throw new IllegalArgumentException(
          "bench counts on a simulated core; choose --target "
              + Arrays.stream(Target.values())
                  .filter(Simulated::profiles)
                  .map(Target::text)
                  .collect(Collectors.joining(", ")));
    }
    Set<Part> parts = parts();
    Path root = Path.of(System.getProperty("thimble.root", ""));
    Optional<Path> file =
        out == null && only != null
            ? Optional.empty()
            : Optional.of(OutputFile.require(out != null ? out : Path.of("docs/benchmarks.md")));
    List<Path> instances = instances(parts);
    BenchReport report = measure(core, parts, root, instances);
    if (json) {
      System.out.print(Json.write(report));
    }
    String page = BenchPage.write(report);
    if (file.isPresent()) {
      Path folder = Objects.requireNonNull(file.get().getParent());
      ProgramFiles.write(folder, Map.of(String.valueOf(file.get().getFileName()), page));
      System.err.println("written to " + file.get());
    } else if (!json) {
      System.out.print(page);
    }
    // As everywhere: 1 where a check failed.
    return report.failed() ? 1 : 0;
  }

  private Set<Part> parts() {
    if (only == null) {
      return Set.of(Part.values());
    }
    for (Part part : Part.values()) {
      if (part.name().toLowerCase(Locale.ROOT).equals(only)) {
        return Set.of(part);
      }
    }
    throw new IllegalArgumentException(
        "--only '"
            + only
            + "' is unknown; choose one of "
            + Arrays.stream(Part.values())
                .map(part -> part.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
  }

  private List<Path> instances(Set<Part> parts) throws IOException {
    List<Path> instances = new ArrayList<>();
    for (Path folder : allocator) {
      List<Path> found = AllocatorBench.find(folder, false);
      if (found.isEmpty()) {
        throw new IllegalArgumentException(folder + " has no file called NAME.CAPACITY.csv");
      }
      instances.addAll(found);
    }
    for (Path folder : models) {
      instances.addAll(AllocatorBench.find(folder, true));
    }
    if (only != null && parts.contains(Part.ALLOCATOR) && instances.isEmpty()) {
      throw new IllegalArgumentException(
          "there are no instances; name a folder with minimalloc's NAME.CAPACITY.csv by"
              + " --allocator");
    }
    return instances;
  }

  private BenchReport measure(Target core, Set<Part> parts, Path root, List<Path> instances)
      throws IOException {
    Consumer<String> progress = System.err::println;
    boolean simulate =
        Stream.concat(Stream.of(Tool.GCC), Simulated.tools(core).stream())
            .allMatch(tool -> tool.find().isPresent());
    List<BenchModel> networks =
        parts.stream().anyMatch(Part::needsNetworks) ? BenchModel.find(root, models) : List.of();
    return new BenchReport(
        command(),
        core.text(),
        simulate,
        machine(),
        parts.contains(Part.MEMORY)
            ? new MemoryBench(core, simulate, progress).run(networks)
            : null,
        parts.contains(Part.SPEED) ? new SpeedBench(progress).run(networks) : null,
        parts.contains(Part.HOST) ? HostBench.run(root, networks, progress) : null,
        parts.contains(Part.ALLOCATOR) && !instances.isEmpty()
            ? AllocatorBench.run(instances, progress)
            : null,
        parts.contains(Part.PLANNING)
            ? PlanningBench.run(PlanningBench.SIZES, PlanningBench.WARM_UP_NODES, progress)
            : null,
        parts.contains(Part.FORMATS) ? formats(core, simulate, progress) : null);
  }

  private @Nullable List<FormatsBench.Row> formats(
      Target core, boolean simulate, Consumer<String> progress) throws IOException {
    Optional<List<FormatsBench.Row>> rows = new FormatsBench(core, simulate, progress).run(models);
    if (only != null && rows.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no "
              + FormatsBench.MODEL
              + " with a folder "
              + FormatsBench.INPUTS
              + " beside it; name a folder with MLPerf Tiny's files by --models");
    }
    return rows.orElse(null);
  }

  private String command() {
    StringBuilder command = new StringBuilder("./thimble bench --target " + target);
    models.forEach(folder -> command.append(" --models MODELS"));
    allocator.forEach(folder -> command.append(" --allocator INSTANCES"));
    return only == null ? command.toString() : command + " --only " + only;
  }

  /** What times depend on, without the machine's name. */
  private static String machine() {
    return Runtime.getRuntime().availableProcessors()
        + " processors of kind "
        + System.getProperty("os.arch");
  }
}
