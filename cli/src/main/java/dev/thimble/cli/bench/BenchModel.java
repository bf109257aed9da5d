package dev.thimble.cli.bench;

import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.Compiler;
import dev.thimble.Stage;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphException;
import dev.thimble.graph.Node;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.ModelException;
import dev.thimble.importer.ModelImporter;
import dev.thimble.kernel.KernelException;
import dev.thimble.op.Conv2d;
import dev.thimble.op.DepthwiseConv2d;
import dev.thimble.op.FullyConnected;
import dev.thimble.schedule.ScheduleException;
import dev.thimble.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A network to measure.
 *
 * @param name how the page calls it: never a path of the machine
 * @param file where it was read from
 * @param model the network itself
 */
record BenchModel(String name, Path file, ImportedModel model) {
  private static final String MLPERF_TITLE = "MLPerf Tiny ";

  /** Fewer nodes with weights are a test of an operator, not a network. */
  private static final int FEWEST_WEIGHTED = 2;

  /** Where a folder of models says which public repository each comes from. */
  private static final String MANIFEST = "MANIFEST.tsv";

  /** The files of MLPerf Tiny, in the order of the page, and what the benchmark calls them. */
  private static final List<Map.Entry<String, String>> MLPERF =
      List.of(
          Map.entry("vww_96_int8.tflite", "VWW"),
          Map.entry("kws_ref_model_int8.tflite", "KWS"),
          Map.entry("pretrainedResnet_int8.tflite", "IC"),
          Map.entry("ad01_int8.tflite", "AD"));

  /** Whether it is one of the networks that MLPerf Tiny defines. */
  boolean isBenchmark() {
    return name.startsWith(MLPERF_TITLE);
  }

  /**
   * The network's program; nothing where it has nodes without kernels, cannot be fed by rows as the
   * options want it, or does not fit.
   */
  Optional<Compilation> compiled(CompileOptions options) {
    try {
      return Optional.of(Compiler.compile(model, options.withName("bench"), Stage.Listener.NONE));
    } catch (KernelException | GraphException | ScheduleException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private record File(Path path, String name) {
    String fileName() {
      return path.getFileName().toString();
    }

    int rank() {
      for (int i = 0; i < MLPERF.size(); i++) {
        if (MLPERF.get(i).getKey().equals(fileName())) {
          return i;
        }
      }
      return MLPERF.size();
    }
  }

  /**
   * The networks below the folders: of MLPerf Tiny first, then the repository's examples, then by
   * name; each network once. Float networks of folders other than the examples, and what cannot be
   * read, are left out.
   *
   * @param root of the repository, whose {@code examples} are measured
   */
  static List<BenchModel> find(Path root, List<Path> folders) throws IOException {
    List<File> files = new ArrayList<>();
    for (Path folder : folders) {
      files.addAll(files(folder, sources(folder)));
    }
    List<BenchModel> models = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Comparator<File> order = Comparator.comparingInt(File::rank).thenComparing(File::name);
    List<File> sorted = files.stream().sorted(order).toList();
    int benchmarks = (int) sorted.stream().filter(file -> file.rank() < MLPERF.size()).count();
    add(models, seen, sorted.subList(0, benchmarks), true);
    for (String example : List.of("digits", "cifar_net")) {
      add(models, seen, files(root.resolve("examples").resolve(example), Map.of()), false);
    }
    add(models, seen, sorted.subList(benchmarks, sorted.size()), true);
    return models;
  }

  private static void add(
      List<BenchModel> models, Set<String> seen, List<File> files, boolean int8) {
    for (File file : files) {
      read(file.path)
          .filter(model -> !int8 || isInt8(model.program().entry()))
          .filter(model -> seen.add(model.sha256()))
          .ifPresent(model -> models.add(new BenchModel(title(file), file.path, model)));
    }
  }

  private static String title(File file) {
    return file.rank() < MLPERF.size()
        ? MLPERF_TITLE + MLPERF.get(file.rank()).getValue()
        : file.name;
  }

  private static Optional<ImportedModel> read(Path file) {
    try {
      return Optional.of(ModelImporter.read(file));
    } catch (ModelException | GraphException e) {
      return Optional.empty();
    }
  }

  private static boolean isInt8(Graph graph) {
    long weighted = graph.nodes().stream().filter(BenchModel::hasWeights).count();
    return weighted >= FEWEST_WEIGHTED
        && graph.nodes().stream()
            .filter(BenchModel::hasWeights)
            .allMatch(node -> node.output().type().dtype() == DType.INT8);
  }

  private static boolean hasWeights(Node node) {
    return node.op() instanceof Conv2d
        || node.op() instanceof DepthwiseConv2d
        || node.op() instanceof FullyConnected;
  }

  private static List<File> files(Path folder, Map<String, String> sources) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(folder + " is no folder of models");
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(path -> path.toString().endsWith(".tflite"))
          .sorted()
          .map(path -> new File(path, name(folder, path, sources)))
          .toList();
    }
  }

  /** The public source where the folder names one, else the file below its own folder. */
  private static String name(Path folder, Path path, Map<String, String> sources) {
    String relative = folder.relativize(path).toString().replace('\\', '/');
    String file = path.getFileName().toString();
    String source = sources.get(relative);
    if (source != null) {
      return source + ": " + file;
    }
    Path parent = path.toAbsolutePath().getParent();
    return parent == null ? file : parent.getFileName() + "/" + file;
  }

  /** For each file of the manifest, its repository. */
  private static Map<String, String> sources(Path folder) throws IOException {
    Map<String, String> sources = new HashMap<>();
    Path manifest = folder.resolve(MANIFEST);
    if (Files.isRegularFile(manifest)) {
      List<String> lines = Files.readAllLines(manifest);
      List<String> titles = List.of(lines.getFirst().split("\t", -1));
      int file = titles.indexOf("file");
      int source = titles.indexOf("source_repo");
      for (String line : lines) {
        String[] cells = line.split("\t", -1);
        if (file >= 0 && source >= 0 && cells.length > Math.max(file, source)) {
          sources.put(cells[file], cells[source]);
        }
      }
    }
    return sources;
  }
}
