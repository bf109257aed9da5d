package dev.thimble.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.Shared;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The unit-test vectors of CMSIS-NN for int8 kernels, whose rounding is double. They give
 * multipliers instead of scales, so they test what comes after the constants are derived.
 */
class CmsisNnVectorsTest {
  private static final String FOLDER = "cases/08_kernel_vectors/cmsis_nn/";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "conv_1_x_n_1",
        "conv_1_x_n_3",
        "conv_1_x_n_5",
        "conv_1_x_n_8",
        "conv_2",
        "conv_2x2_dilation_5x5_input",
        "conv_2x3_dilation",
        "conv_4",
        "conv_dilation_golden",
        "grouped_conv_1",
        "grouped_conv_3",
        "kernel1x1_stride_x_y_1",
        "stride2pad1"
      })
  void convolutionsEqual(String name) {
    Vectors v = new Vectors(name);
    int depth = v.has("FILTER_CH") ? v.number("FILTER_CH") : v.number("IN_CH");
    Shape filter = Shape.of(v.number("OUT_CH"), v.number("FILTER_Y"), v.number("FILTER_X"), depth);
    IntConvolution convolution =
        new IntConvolution(v.slide(), v.filtered(filter), v.quantization(), Rounding.DOUBLE);
    assertThat(convolution.grouped(filter, v.number("IN_CH") / depth))
        .containsExactly(v.array("output_ref"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "depthwise_dilation",
        "depthwise_kernel_3x3_null_bias",
        "depthwise_null_bias_0",
        "depthwise_out_activation",
        "depthwise_x_stride",
        "in_ch_one_out_ch_larger_one"
      })
  void depthwiseConvolutionsEqual(String name) {
    Vectors v = new Vectors(name);
    Shape filter = Shape.of(1, v.number("FILTER_Y"), v.number("FILTER_X"), v.number("OUT_CH"));
    IntConvolution convolution =
        new IntConvolution(v.slide(), v.filtered(filter), v.quantization(), Rounding.DOUBLE);
    assertThat(convolution.depthwise(filter, v.number("CH_MULT")))
        .containsExactly(v.array("output_ref"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fully_connected_mve_1", "fc_per_ch"})
  void fullyConnectedNodesEqual(String name) {
    Vectors v = new Vectors(name);
    boolean perChannel = name.equals("fc_per_ch");
    int depth = v.number("ACCUMULATION_DEPTH");
    int outputs = v.number("OUT_CH");
    int rows = v.number("INPUT_BATCHES");
    List<Tensor> inputs =
        List.of(
            Vectors.int8(Shape.of(rows, depth), v.array("input")),
            Vectors.int8(Shape.of(outputs, depth), v.array("weights")),
            Vectors.bias(v.array(perChannel ? "bias" : "biases")));
    ConvolutionQuantization quantization =
        perChannel
            ? v.quantization(v.array("output_multiplier"), v.array("output_shift"))
            : v.quantization(
                repeated(v.number("OUTPUT_MULTIPLIER"), outputs),
                repeated(v.number("OUTPUT_SHIFT"), outputs));
    int[] results =
        FullyConnectedEvaluation.ints(inputs, quantization, rows, outputs, depth, Rounding.DOUBLE);
    assertThat(results).containsExactly(v.array(perChannel ? "output" : "output_ref"));
  }

  private static int[] repeated(int value, int count) {
    int[] values = new int[count];
    Arrays.fill(values, value);
    return values;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "avgpooling",
        "avgpooling_2",
        "avgpooling_4",
        "maxpooling",
        "maxpooling_2",
        "maxpooling_4",
        "maxpooling_6"
      })
  void poolingEqual(String name) {
    Vectors v = new Vectors(name);
    Size2d kernel = new Size2d(v.number("FILTER_H"), v.number("FILTER_W"));
    Size2d stride = new Size2d(v.number("STRIDE_H"), v.number("STRIDE_W"));
    int height = v.number("INPUT_H");
    int width = v.number("INPUT_W");
    TensorType input =
        TensorType.int8(1, 0, v.number("BATCH_SIZE"), height, width, v.number("INPUT_C"));
    Padding2d padding =
        v.text("PAD").equals("SAME")
            ? Padding2d.same(height, width, kernel, stride, Size2d.ONE)
            : Padding2d.NONE;
    Pool2d op =
        new Pool2d(
            name.startsWith("max") ? Pool2d.Kind2d.MAX : Pool2d.Kind2d.AVERAGE,
            kernel,
            stride,
            padding,
            Activation.NONE);
    TensorType output = input.withShape(op.outputShape(List.of(input)));
    Tensor pooled =
        op.evaluate(
            List.of(Tensor.ofInts(input, v.array("input_tensor"))), output, Rounding.DOUBLE);
    int min = v.number("ACTIVATION_MIN");
    int max = v.number("ACTIVATION_MAX");
    assertThat(Arrays.stream(pooled.ints()).map(x -> Math.clamp(x, min, max)).toArray())
        .containsExactly(v.array("output"));
  }

  @Test
  void softmaxEquals() {
    Vectors v = new Vectors("softmax");
    SoftmaxQuantization quantization =
        new SoftmaxQuantization(
            new Multiplier(v.number("INPUT_MULT"), v.number("INPUT_LEFT_SHIFT")),
            v.number("DIFF_MIN"));
    int[] results =
        SoftmaxEvaluation.ints(
            v.array("input"), v.number("ROW_SIZE"), quantization, Rounding.DOUBLE);
    assertThat(results).containsExactly(v.array("output_ref"));
  }

  @Test
  void softmaxOfInt16Equals() {
    Vectors v = new Vectors("int16", "softmax_s16");
    Multiplier input = new Multiplier(v.number("INPUT_MULT"), v.number("INPUT_LEFT_SHIFT"));
    int[] results =
        new WideSoftmaxQuantization(input)
            .of(v.array("input"), v.number("ROW_SIZE"), Rounding.DOUBLE);
    assertThat(results).containsExactly(v.array("output_ref"));
  }

  @Test
  void padEquals() {
    Vectors v = new Vectors("pad_int8_2");
    List<String> axes = List.of("N", "H", "W", "C");
    TensorType input =
        TensorType.int8(1, 0, axes.stream().mapToInt(a -> v.number("INPUT_" + a)).toArray());
    Pad op =
        new Pad(
            axes.stream().map(a -> v.number("PRE_PAD_" + a)).toList(),
            axes.stream().map(a -> v.number("POST_PAD_" + a)).toList(),
            v.number("PAD_VALUE"));
    Tensor padded =
        op.evaluate(
            List.of(Tensor.ofInts(input, v.array("input_tensor"))),
            input.withShape(op.outputShape(List.of(input))),
            Rounding.DOUBLE);
    assertThat(padded.ints()).containsExactly(v.array("output"));
  }

  /** One case: its numbers and arrays, whose names all start with the case's own. */
  private static final class Vectors {
    private final String name;
    private final JsonNode json;

    Vectors(String name) {
      this("int8", name);
    }

    Vectors(String folder, String name) {
      Path path = Shared.require(FOLDER + folder + "/" + name + ".json");
      this.name = name;
      this.json = JsonMapper.shared().readTree(path.toFile());
    }

    private String key(String suffix) {
      return name.toUpperCase(Locale.ROOT) + "_" + suffix;
    }

    boolean has(String suffix) {
      return json.get("config").has(key(suffix));
    }

    int number(String suffix) {
      return json.get("config").get(key(suffix)).intValue();
    }

    String text(String suffix) {
      return json.get("config").get(key(suffix)).stringValue();
    }

    int[] array(String suffix) {
      JsonNode values = json.get("arrays").get(name + "_" + suffix).get("values");
      return values.valueStream().mapToInt(JsonNode::intValue).toArray();
    }

    static Tensor int8(Shape shape, int[] values) {
      TensorType type = new TensorType(DType.INT8, shape, new QuantParams.PerTensor(1, 0));
      return Tensor.ofInts(type, values);
    }

    static Tensor bias(int[] values) {
      return Tensor.ofInts(TensorType.of(DType.INT32, Shape.of(values.length)), values);
    }

    private Shape input() {
      return Shape.of(
          number("INPUT_BATCHES"), number("INPUT_H"), number("INPUT_W"), number("IN_CH"));
    }

    List<Tensor> filtered(Shape filter) {
      return List.of(
          int8(input(), array("input")), int8(filter, array("weights")), bias(array("biases")));
    }

    Slide slide() {
      return Slide.of(
          input(),
          Shape.of(
              number("INPUT_BATCHES"), number("OUTPUT_H"), number("OUTPUT_W"), number("OUT_CH")),
          new Size2d(number("FILTER_Y"), number("FILTER_X")),
          new Size2d(number("STRIDE_Y"), number("STRIDE_X")),
          new Size2d(number("DILATION_Y"), number("DILATION_X")),
          new Padding2d(number("PAD_Y"), 0, number("PAD_X"), 0));
    }

    ConvolutionQuantization quantization() {
      return quantization(array("output_mult"), array("output_shift"));
    }

    ConvolutionQuantization quantization(int[] multipliers, int[] shifts) {
      List<Multiplier> pairs = new ArrayList<>();
      for (int i = 0; i < multipliers.length; i++) {
        pairs.add(new Multiplier(multipliers[i], shifts[i]));
      }
      return new ConvolutionQuantization(
          -number("INPUT_OFFSET"),
          number("OUTPUT_OFFSET"),
          pairs,
          List.of(),
          number("OUT_ACTIVATION_MIN"),
          number("OUT_ACTIVATION_MAX"));
    }
  }
}
