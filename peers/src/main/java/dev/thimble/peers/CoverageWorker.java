package dev.thimble.peers;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.Compiler;
import dev.thimble.Stage;
import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.importer.GivenConstant;
import dev.thimble.importer.ImportOptions;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.IoInfo;
import dev.thimble.importer.ModelException;
import dev.thimble.importer.ModelImporter;
import dev.thimble.importer.Recording;
import dev.thimble.importer.data.Seeds;
import dev.thimble.op.Rounding;
import dev.thimble.target.Target;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import dev.thimble.toolchain.ProgramFiles;
import dev.thimble.toolchain.Subject;
import dev.thimble.toolchain.Verification;
import dev.thimble.toolchain.Verifier;
import dev.thimble.toolchain.Workspace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Says of each model file that a line of stdin names what becomes of it, in a line of JSON on
 * stdout. Runtimes that end the process end only this one.
 */
public final class CoverageWorker {
  private static final int SEEDS = 2;

  /**
   * What became of a model.
   *
   * @param status {@code verified}, {@code differs}, {@code refused} or {@code failed}
   * @param nodes the nodes as imported; 0 where it was not
   * @param reasons why it was refused or failed, or where it differs
   * @param peer how the peer's outputs compare; null where there is none for the format
   * @param constants the inputs that were taken from a recording beside the model, as constants
   * @param narrow whether the model's float64 was computed with float32
   */
  public record Outcome(
      String status,
      int nodes,
      List<String> reasons,
      @Nullable String peer,
      List<String> constants,
      boolean narrow) {
    public Outcome {
      reasons = List.copyOf(reasons);
      constants = List.copyOf(constants);
    }

    Outcome(String status, int nodes, List<String> reasons) {
      this(status, nodes, reasons, null, List.of(), false);
    }
  }

  private CoverageWorker() {}

  /** Answers line by line until stdin ends. */
  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    JsonMapper json = JsonMapper.builder().build();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(json.writeValueAsString(outcome(Path.of(line))));
    }
  }

  private static Outcome outcome(Path file) {
    ImportedModel model;
    try {
      model = imported(file);
    } catch (ModelException e) {
      return new Outcome("refused", 0, lines(String.valueOf(e.getMessage()), file));
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return new Outcome("failed", 0, List.of("import: " + e));
    }
    int nodes = model.program().entry().nodes().size();
    Compilation compilation;
    try {
      compilation =
          Compiler.compile(model, CompileOptions.DEFAULTS.withName("network"), Stage.Listener.NONE);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      boolean refusal = e.getClass().getPackageName().startsWith("dev.thimble");
      String status = refusal || e instanceof IllegalArgumentException ? "refused" : "failed";
      String message = refusal ? String.valueOf(e.getMessage()) : e.toString();
      return new Outcome(status, nodes, lines(message, file));
    }
    try {
      return verified(file, model, compilation, nodes);
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return new Outcome("failed", nodes, List.of("verification: " + e));
    }
  }

  private static Outcome verified(
      Path file, ImportedModel model, Compilation compilation, int nodes) throws IOException {
    Graph reference = compilation.reference();
    List<List<Tensor>> samples = new ArrayList<>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      samples.add(Seeds.sample(seed, reference.inputs()));
    }
    try (Workspace scratch = Workspace.create()) {
      ProgramFiles.write(scratch.folder(), compilation.program().files());
      Subject subject =
          new Subject(
              scratch.folder(),
              compilation.program(),
              compilation.graph(),
              reference,
              compilation.options().rounding());
      Verification result =
          new Verifier(subject, samples, false, false).run(List.of(Target.PORTABLE), sample -> {});
      if (!result.equal()) {
        return new Outcome("differs", nodes, List.of(difference(result)));
      }
    }
    return new Outcome(
        "verified",
        nodes,
        List.of(),
        peer(file, model, samples),
        List.copyOf(model.options().constants().keySet()),
        model.options().narrow());
  }

  /**
   * Imports a model. What of an ONNX model must be constant is taken from the recording beside it,
   * where there is one; float64 is computed with float32 where the model is refused otherwise.
   */
  private static ImportedModel imported(Path file) {
    if (!name(file).endsWith(".onnx")) {
      return ModelImporter.read(file);
    }
    Recording recording = Recording.beside(file);
    try {
      return recording.read(file, ImportOptions.DEFAULTS);
    } catch (ModelException e) {
      try {
        return recording.read(file, ImportOptions.DEFAULTS.withNarrow(true));
      } catch (ModelException narrow) {
        throw e;
      }
    }
  }

  private static String name(Path file) {
    return file.toString().toLowerCase(Locale.ROOT);
  }

  private static String difference(Verification result) {
    return result.targets().stream()
        .flatMap(target -> target.difference().stream())
        .map(d ->
            "'" + d.node() + "', element " + d.index() + ": " + d.expected() + ", C " + d.got())
        .findFirst()
        .orElse("");
  }

  /** The peer's agreement, of the better of both roundings; null where the format has no peer. */
  private static @Nullable String peer(Path file, ImportedModel model, List<List<Tensor>> samples) {
    String name = name(file);
    if (!name.endsWith(".tflite") && !name.endsWith(".onnx")) {
      return null;
    }
    try (Runner runner = name.endsWith(".onnx") ? onnxRuntime(file, model) : TfLite.builtin(file)) {
      Agreement twice = new Agreement();
      Agreement once = new Agreement();
      for (List<Tensor> sample : samples) {
        runner.inputs(sourceBytes(sample, model.inputs()));
        runner.run();
        List<byte[]> got = runner.outputs();
        add(twice, model, sample, Rounding.DOUBLE, got);
        add(once, model, sample, Rounding.SINGLE, got);
      }
      boolean single = rank(once.text()) < rank(twice.text());
      return single ? once.text() + " (single rounding)" : twice.text();
    } catch (RuntimeException e) {
      return "none: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
  }

  private static OnnxRuntime onnxRuntime(Path file, ImportedModel model) {
    OnnxRuntime runtime = new OnnxRuntime(file, OptLevel.NO_OPT);
    model
        .options()
        .constants()
        .forEach((name, constant) -> {
          if (constant instanceof GivenConstant.Array array) {
            byte[] bytes = array.data().map(TensorBytes::of).orElseGet(() -> new byte[0]);
            runtime.fix(name, array.dims(), bytes);
          }
        });
    return runtime;
  }

  private static int rank(String agreement) {
    return agreement.equals("bit for bit") ? 0 : agreement.equals("within one step") ? 1 : 2;
  }

  private static void add(
      Agreement agreement,
      ImportedModel model,
      List<Tensor> sample,
      Rounding rounding,
      List<byte[]> got) {
    Graph graph = model.program().entry();
    List<Tensor> expected = Evaluator.outputs(graph, sample, rounding);
    List<byte[]> bytes = sourceBytes(expected, model.outputs());
    if (got.size() != bytes.size()) {
      throw new PeerException("the peer has " + got.size() + " outputs");
    }
    for (int i = 0; i < bytes.size(); i++) {
      agreement.add(expected.get(i).type().dtype(), bytes.get(i), got.get(i));
    }
  }

  private static List<byte[]> sourceBytes(List<Tensor> tensors, List<IoInfo> ends) {
    List<byte[]> bytes = new ArrayList<>();
    for (int i = 0; i < tensors.size(); i++) {
      IoInfo end = ends.get(i);
      Tensor tensor = tensors.get(i);
      bytes.add(TensorBytes.of(end.isSameLayout() ? tensor : end.toSource(tensor)));
    }
    return bytes;
  }

  /** The lines of a message without the file's path, and without a model's list of remedies. */
  private static List<String> lines(String message, Path file) {
    String bare = message.replace(file.toString() + ": ", "").replace(file.toString(), "the file");
    List<String> lines = new ArrayList<>();
    for (String line : bare.lines().map(String::strip).toList()) {
      if (!line.startsWith("remedy: ") && !line.isEmpty()) {
        lines.add(line);
      }
    }
    // The first line of several only counts what follows.
    return lines.size() > 1 && lines.getFirst().endsWith(":")
        ? lines.subList(1, lines.size())
        : lines;
  }
}
