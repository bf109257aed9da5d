package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.op.Activation;
import dev.thimble.op.Binary;
import dev.thimble.op.Unary;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Normalisations. */
final class NormImport {
  private NormImport() {}

  /**
   * A batch normalisation is a factor and a summand for each channel; rewrites fold both into a
   * filter before it.
   */
  static void batch(OnnxNode at) {
    at.require(5, 5);
    Attributes attributes = at.attributes();
    attributes.ignore("momentum", "consumed_inputs");
    boolean training =
        attributes.flag("training_mode", false)
            || (at.opset() < 7 && !attributes.flag("is_test", false));
    boolean perElement = !attributes.flag("spatial", true);
    if (training || perElement) {
      throw new UnsupportedNode(
          training ? "training mode" : "spatial=0", "inference, channel by channel");
    }
    at.requireOneOutput();
    LaidOut x = at.x(0);
    int channels = x.rank() < 2 ? 1 : x.shape().dim(1);
    if (IntStream.rangeClosed(1, 4).anyMatch(i -> at.data(i).isEmpty())) {
      computed(at, x, channels);
      return;
    }
    float[] scale = perChannel(at, 1, channels);
    float[] shift = perChannel(at, 2, channels);
    float[] mean = perChannel(at, 3, channels);
    float[] variance = perChannel(at, 4, channels);
    double epsilon = attributes.real("epsilon", 1e-5f);
    float[] factors = new float[channels];
    float[] summands = new float[channels];
    for (int c = 0; c < channels; c++) {
      double factor = scale[c] / Math.sqrt(variance[c] + epsilon);
      factors[c] = (float) factor;
      summands[c] = (float) (shift[c] - mean[c] * factor);
    }
    LaidOut scaled = combine(at, at.name("scaled"), Binary.Function.MUL, x, factors);
    at.set(combine(at, at.name(), Binary.Function.ADD, scaled, summands));
  }

  /** A batch normalisation by numbers that are computed at run time. */
  private static void computed(OnnxNode at, LaidOut x, int channels) {
    int[] dims = channelDims(x, channels);
    List<LaidOut> numbers = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      LaidOut each = at.x(i);
      if (!each.dtype().isFloat() || each.type().elements() != channels) {
        throw at.malformed("has statistics of " + each.type() + " for " + channels + " channels");
      }
      numbers.add(at.graph().reshape(at.name("channels"), each, Shape.of(dims)));
    }
    double epsilon = at.attributes().real("epsilon", 1e-5f);
    LaidOut variance =
        ElementwiseImport.with(
            at, at.name("variance"), Binary.Function.ADD, numbers.get(3), epsilon);
    Unary root = new Unary(Unary.Function.SQRT);
    LaidOut deviation =
        at.graph().pointwise(at.name("deviation"), root, variance.dtype(), variance);
    LaidOut factor =
        ElementwiseImport.pair(
            at, at.name("factor"), Binary.Function.DIV, List.of(numbers.get(0), deviation));
    LaidOut centred =
        ElementwiseImport.pair(
            at, at.name("centred"), Binary.Function.SUB, List.of(x, numbers.get(2)));
    LaidOut scaled =
        ElementwiseImport.pair(
            at, at.name("scaled"), Binary.Function.MUL, List.of(centred, factor));
    at.set(
        ElementwiseImport.pair(
            at, at.name(), Binary.Function.ADD, List.of(scaled, numbers.get(1))));
  }

  /** A number for each channel, which is axis 1 of the source, as a tensor of all its axes. */
  private static int[] channelDims(LaidOut x, int channels) {
    int[] dims = new int[Math.max(x.rank(), 1)];
    Arrays.fill(dims, 1);
    if (x.rank() > 1) {
      dims[1] = channels;
    }
    return dims;
  }

  private static float[] perChannel(OnnxNode at, int operand, int channels) {
    Tensor data = at.constant(operand, "statistics");
    if (!data.type().isFloat() || data.type().elements() != channels) {
      throw at.malformed("has statistics of " + data.type() + " for " + channels + " channels");
    }
    return data.floats();
  }

  /** A tensor combined with a number for each channel, which is axis 1 of the source. */
  private static LaidOut combine(
      OnnxNode at, String name, Binary.Function function, LaidOut x, float[] numbers) {
    TensorType type = TensorType.float32(channelDims(x, numbers.length));
    LaidOut constant =
        at.graph().constant(at.graph().fresh(name + "_by"), Tensor.ofFloats(type, numbers));
    Binary binary = new Binary(function, Activation.NONE);
    return at.graph().elementwise(name, binary, x.dtype(), List.of(x, constant));
  }
}
