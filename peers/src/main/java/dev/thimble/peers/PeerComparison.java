package dev.thimble.peers;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Session;
import dev.thimble.graph.Value;
import dev.thimble.importer.GivenConstant;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.IoInfo;
import dev.thimble.op.Reshape;
import dev.thimble.op.Rounding;
import dev.thimble.op.Softmax;
import dev.thimble.op.Transpose;
import dev.thimble.op.Unary;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How the reference evaluation of a network agrees with another runtime for its format. */
final class PeerComparison {
  private static final int SEEDS = 2;

  private final ImportedModel model;
  private final Graph graph;
  private final List<List<Tensor>> samples;

  private PeerComparison(ImportedModel model) {
    this.model = model;
    this.graph = model.program().entry();
    this.samples = DefinedSamples.of(graph, SEEDS);
  }

  /**
   * The agreement in words, in the better of both roundings; {@code none: } and the peer's words
   * where it cannot run the network, null where the format has no peer. States are carried from run
   * to run on both sides.
   */
  static @Nullable String of(Path file, ImportedModel model) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    boolean onnx = name.endsWith(".onnx");
    if (!onnx && !name.endsWith(".tflite")) {
      return null;
    }
    PeerComparison comparison = new PeerComparison(model);
    if (onnx) {
      return comparison.with(() -> onnxRuntime(file, model));
    }
    String reference = comparison.with(() -> TfLite.reference(file));
    if (reference.equals(Agreement.EQUAL) || !comparison.computesIntegers()) {
      return reference;
    }
    // The reference kernels of fully connected nodes round once, all others twice.
    String optimised = comparison.with(() -> TfLite.builtin(file));
    return optimised.equals(Agreement.EQUAL) ? optimised + " (optimised kernels)" : reference;
  }

  private String with(Supplier<Runner> peer) {
    try (Runner runner = peer.get()) {
      return with(runner);
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

  private String with(Runner runner) {
    List<List<byte[]>> got = new ArrayList<>();
    for (List<Tensor> sample : samples) {
      runner.inputs(sourceBytes(sample, model.inputs()));
      runner.run();
      got.add(runner.outputs());
    }
    String twice = agreement(Rounding.DOUBLE, got);
    if (!twice.equals(Agreement.EQUAL) && computesIntegers()) {
      String once = agreement(Rounding.SINGLE, got);
      if (once.equals(Agreement.EQUAL)) {
        return once + " (single rounding)";
      }
    }
    return runner instanceof OnnxRuntime runtime && runtime.computesHalves()
        ? twice + " (the peer rounds to float16)"
        : twice;
  }

  private boolean computesIntegers() {
    return graph.nodes().stream()
        .flatMap(node -> node.outputTypes().stream())
        .anyMatch(type -> type.isQuantized());
  }

  private String agreement(Rounding rounding, List<List<byte[]>> got) {
    Session session = new Session(graph, rounding);
    Agreement agreement = new Agreement();
    for (int run = 0; run < samples.size(); run++) {
      List<Tensor> expected = session.outputs(samples.get(run));
      List<byte[]> bytes = sourceBytes(expected, model.outputs());
      if (got.get(run).size() != bytes.size()) {
        throw new PeerException("the peer has " + got.get(run).size() + " outputs");
      }
      for (int i = 0; i < bytes.size(); i++) {
        agreement.add(
            expected.get(i).type().dtype(),
            bytes.get(i),
            got.get(run).get(i),
            scale(graph.outputs().get(i)));
      }
    }
    return agreement.text();
  }

  /**
   * What an output's errors are measured by at least. Results between 0 and 1 have an absolute
   * accuracy: ONNX Runtime's sigmoid of -12, about 6e-6, is wrong by 1e-7, and a network that finds
   * nothing has no larger results.
   */
  private float scale(Value output) {
    for (Node node : graph.nodes()) {
      if (node.outputs().contains(output)) {
        return switch (node.op()) {
          case Reshape move -> scale(node.inputs().getFirst());
          case Transpose move -> scale(node.inputs().getFirst());
          case Unary(Unary.Function function) when function == Unary.Function.SIGMOID -> 1;
          case Softmax softmax -> 1;
          default -> Float.MIN_NORMAL;
        };
      }
    }
    return Float.MIN_NORMAL;
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
}
