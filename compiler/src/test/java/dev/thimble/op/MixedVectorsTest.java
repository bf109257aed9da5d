package dev.thimble.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.Shared;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The unit-test vectors of CMSIS-NN for int16 activations, filters with a zero point or of 4 bits,
 * transposed convolutions and products of matrices. They give multipliers instead of scales, so
 * they test what comes after the constants are derived. Double rounding.
 */
class MixedVectorsTest {
  private static final String FOLDER = "cases/08_kernel_vectors/cmsis_nn/";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "int16/int16xint8_dilation_1",
        "int16/int16xint8_dilation_3",
        "int16/int16xint8_spill2",
        "int16/int16xint8xint32_2",
        "int16/int16xint8xint32_4",
        "int16/int16xint8xint32_6"
      })
  void convolutionsOfInt16Equal(String name) {
    Vectors v = new Vectors(name);
    DType bias = name.contains("xint32") ? DType.INT32 : DType.INT64;
    List<Tensor> inputs =
        v.inputs(DType.INT16, bias, v.filter(v.number("OUT_CH"), v.number("IN_CH")));
    assertThat(v.mixed(inputs, 1)).containsExactly(v.array("output", "output_ref"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "int16/dw_int16xint8_dilation",
        "int16/dw_int16xint8_fast_multiple_batches_uneven_buffers",
        "int16/dw_int16xint8_fast_null_bias",
        "int16/dw_int16xint8_fast_spill_null_bias",
        "int16/dw_int16xint8_fast_stride_null_bias",
        "int16/dw_int16xint8_mult4"
      })
  void depthwiseConvolutionsOfInt16Equal(String name) {
    Vectors v = new Vectors(name);
    int channels = v.number("OUT_CH");
    List<Tensor> inputs = v.inputs(DType.INT16, DType.INT64, v.filter(channels, 1));
    int[] lastChannels = inputs.get(1).ints();
    int taps = lastChannels.length / channels;
    int[] turned =
        IntStream.range(0, lastChannels.length)
            .map(i -> lastChannels[i % taps * channels + i / taps])
            .toArray();
    List<Tensor> turnedInputs =
        List.of(inputs.get(0), Tensor.ofInts(inputs.get(1).type(), turned), inputs.get(2));
    assertThat(v.mixed(turnedInputs, v.number("IN_CH")))
        .containsExactly(v.array("output", "output_ref"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8/fully_connected_w_zp", "int16/fully_connected_int16_big"})
  void fullyConnectedNodesEqual(String name) {
    Vectors v = new Vectors(name);
    boolean int16 = name.startsWith("int16");
    int depth = v.number("ACCUMULATION_DEPTH");
    int outputs = v.number("OUT_CH");
    int rows = v.number("INPUT_BATCHES");
    int zeroPoint = int16 ? 0 : -v.number("FILTER_OFFSET");
    List<Tensor> inputs =
        List.of(
            Vectors.tensor(
                int16 ? DType.INT16 : DType.INT8, 0, v.array("input"), rows, 1, 1, depth),
            Vectors.tensor(DType.INT8, zeroPoint, v.array("weights"), outputs, 1, 1, depth),
            v.bias(int16 ? DType.INT64 : DType.INT32, outputs));
    MixedConv2d op =
        new MixedConv2d(
            Size2d.ONE, Size2d.ONE, Padding2d.NONE, 1, MixedConv2d.Scaling.FLOAT, Activation.NONE);
    int[] results =
        MixedEvaluation.ints(
            op, inputs, Shape.of(rows, 1, 1, outputs), v.oneMultiplier(outputs), Rounding.DOUBLE);
    assertThat(results).containsExactly(v.array("output_ref"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "int8/transpose_conv_1",
        "int8/transpose_conv_3",
        "int8/reverse_transpose_conv_1",
        "int8/reverse_transpose_conv_3"
      })
  void transposedConvolutionsEqual(String name) {
    Vectors v = new Vectors(name);
    Shape filter = v.filter(v.number("OUT_CH"), v.number("IN_CH"));
    List<Tensor> inputs = v.inputs(DType.INT8, DType.INT32, filter);
    int[] results =
        TransposedEvaluation.ints(
            v.transposed(filter, "X", "Y"), inputs, v.output(), v.quantization(), Rounding.DOUBLE);
    assertThat(results).containsExactly(v.array("output_ref"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"f32/transpose_conv_basic_f32"})
  void transposedConvolutionsOfFloatsEqual(String name) {
    Vectors v = new Vectors(name);
    Shape filter =
        Shape.of(v.number("OUT_CH"), v.number("FILTER_H"), v.number("FILTER_W"), v.number("IN_CH"));
    List<Tensor> inputs =
        List.of(
            Vectors.floats(v.reals("input"), v.input().dims()),
            Vectors.floats(v.reals("weights"), filter.dims()),
            Vectors.floats(v.reals("biases"), v.number("OUT_CH")));
    Tensor result =
        v.transposed(filter, "W", "H")
            .evaluate(inputs, TensorType.of(DType.FLOAT32, v.output()), Rounding.DOUBLE);
    assertThat(result.floats()).containsExactly(v.reals("output_ref"), Offset.offset(1e-5f));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "int8/batch_matmul_1_s8",
        "int8/batch_matmul_2_s8",
        "int8/batch_matmul_3_s8",
        "int8/batch_matmul_4_s8",
        "int8/batch_matmul_5_s8"
      })
  void productsOfMatricesEqual(String name) {
    Vectors v = new Vectors(name);
    List<Tensor> inputs =
        List.of(
            Vectors.tensor(
                DType.INT8, -v.number("LHS_OFFSET"), v.array("lhs_input_tensor"), v.stack("LHS")),
            Vectors.tensor(
                DType.INT8, -v.number("RHS_OFFSET"), v.array("rhs_input_tensor"), v.stack("RHS")));
    Shape out = v.matMul().outputShape(inputs.stream().map(Tensor::type).toList());
    int[] results =
        MatMulEvaluation.ints(
            v.matMul(), inputs, out, v.oneMultiplier(out.dim(-1)), Rounding.DOUBLE);
    assertThat(results).containsExactly(v.array("output"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"f32/batch_matmul_1_f32", "f32/batch_matmul_3_f32"})
  void productsOfMatricesOfFloatsEqual(String name) {
    Vectors v = new Vectors(name);
    List<Tensor> inputs =
        List.of(
            Vectors.floats(v.reals(v.operand("lhs", "ADJ_X")), v.stack("LHS")),
            Vectors.floats(v.reals(v.operand("rhs", "ADJ_Y")), v.stack("RHS")));
    Shape out = v.matMul().outputShape(inputs.stream().map(Tensor::type).toList());
    Tensor result = v.matMul().evaluate(inputs, TensorType.of(DType.FLOAT32, out), Rounding.DOUBLE);
    float[] clamped = result.floats().clone();
    for (int i = 0; i < clamped.length; i++) {
      clamped[i] = Math.clamp(clamped[i], v.number("ACTIVATION_MIN"), v.number("ACTIVATION_MAX"));
    }
    assertThat(clamped).containsExactly(v.reals("output"), Offset.offset(1e-5f));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"int16/avgpooling_int16", "int16/avgpooling_int16_2", "int16/maxpool_int16_1"})
  void poolingsOfInt16Equal(String name) {
    Vectors v = new Vectors(name);
    Size2d kernel = new Size2d(v.number("FILTER_H"), v.number("FILTER_W"));
    Size2d stride = new Size2d(v.number("STRIDE_H"), v.number("STRIDE_W"));
    int height = v.number("INPUT_H");
    int width = v.number("INPUT_W");
    Tensor input =
        Vectors.tensor(
            DType.INT16,
            0,
            v.array("input_tensor", "input"),
            v.number("BATCH_SIZE"),
            height,
            width,
            v.number("INPUT_C"));
    Padding2d padding =
        v.text("PAD").equals("SAME")
            ? Padding2d.same(height, width, kernel, stride, Size2d.ONE)
            : Padding2d.NONE;
    WindowPool2d op =
        new WindowPool2d(
            name.contains("max") ? WindowPool2d.Function.MAX : WindowPool2d.Function.AVERAGE,
            1,
            kernel,
            stride,
            Size2d.ONE,
            padding,
            Padding2d.NONE,
            Activation.NONE);
    TensorType output = input.type().withShape(op.outputShape(List.of(input.type())));
    int min = v.number("ACTIVATION_MIN");
    int max = v.number("ACTIVATION_MAX");
    int[] results = op.evaluate(List.of(input), output, Rounding.DOUBLE).ints();
    assertThat(IntStream.of(results).map(x -> Math.clamp(x, min, max)).toArray())
        .containsExactly(v.array("output"));
  }

  /** One case: its numbers and arrays, whose names all start with the case's own. */
  private static final class Vectors {
    private final String name;
    private final JsonNode json;

    Vectors(String path) {
      this.name = path.substring(path.indexOf('/') + 1);
      this.json = JsonMapper.shared().readTree(Shared.require(FOLDER + path + ".json").toFile());
    }

    private JsonNode config(String suffix) {
      return json.get("config").get(name.toUpperCase(Locale.ROOT) + "_" + suffix);
    }

    int number(String suffix) {
      return config(suffix).intValue();
    }

    String text(String suffix) {
      return config(suffix).stringValue();
    }

    private boolean has(String array) {
      JsonNode found = json.get("arrays").get(name + "_" + array);
      return found != null && found.isObject();
    }

    /** The first array of these names that there is. */
    int[] array(String... suffixes) {
      for (String suffix : suffixes) {
        if (has(suffix)) {
          JsonNode values = json.get("arrays").get(name + "_" + suffix).get("values");
          return values.valueStream().mapToInt(JsonNode::intValue).toArray();
        }
      }
      throw new IllegalArgumentException(String.join(", ", suffixes));
    }

    float[] reals(String suffix) {
      List<JsonNode> values =
          json.get("arrays").get(name + "_" + suffix).get("values").valueStream().toList();
      float[] reals = new float[values.size()];
      for (int i = 0; i < reals.length; i++) {
        reals[i] = (float) values.get(i).doubleValue();
      }
      return reals;
    }

    static Tensor floats(float[] values, int... dims) {
      return Tensor.ofFloats(TensorType.float32(dims), values);
    }

    static Tensor tensor(DType dtype, int zeroPoint, int[] values, int... dims) {
      QuantParams quant = new QuantParams.PerTensor(1, zeroPoint);
      return Tensor.ofInts(new TensorType(dtype, Shape.of(dims), quant), values);
    }

    Tensor bias(DType dtype, int channels) {
      TensorType type = TensorType.of(dtype, Shape.of(channels));
      String field = has("biases") ? "biases" : "bias";
      if (!has(field)) {
        return Tensor.filled(type, 0);
      }
      JsonNode values = json.get("arrays").get(name + "_" + field).get("values");
      return Tensor.ofLongs(type, values.valueStream().mapToLong(JsonNode::longValue).toArray());
    }

    Shape input() {
      return Shape.of(
          number("INPUT_BATCHES"), number("INPUT_H"), number("INPUT_W"), number("IN_CH"));
    }

    Shape output() {
      return Shape.of(
          number("INPUT_BATCHES"), number("OUTPUT_H"), number("OUTPUT_W"), number("OUT_CH"));
    }

    Shape filter(int filters, int depth) {
      return Shape.of(filters, number("FILTER_Y"), number("FILTER_X"), depth);
    }

    List<Tensor> inputs(DType activations, DType bias, Shape filter) {
      return List.of(
          tensor(activations, 0, array("input"), input().dims()),
          tensor(DType.INT8, 0, array("weights"), filter.dims()),
          bias(bias, number("OUT_CH")));
    }

    /** The results of a convolution whose padding at the bottom and right is what it takes. */
    int[] mixed(List<Tensor> inputs, int groups) {
      Shape filter = inputs.get(1).shape();
      int spanY = (filter.dim(1) - 1) * number("DILATION_Y") + 1;
      int spanX = (filter.dim(2) - 1) * number("DILATION_X") + 1;
      Shape out = output();
      int bottom = (out.dim(1) - 1) * number("STRIDE_Y") + spanY - number("PAD_Y") - input().dim(1);
      int right = (out.dim(2) - 1) * number("STRIDE_X") + spanX - number("PAD_X") - input().dim(2);
      MixedConv2d op =
          new MixedConv2d(
              new Size2d(number("STRIDE_Y"), number("STRIDE_X")),
              new Size2d(number("DILATION_Y"), number("DILATION_X")),
              new Padding2d(
                  number("PAD_Y"), Math.max(0, bottom), number("PAD_X"), Math.max(0, right)),
              groups,
              MixedConv2d.Scaling.DOUBLE,
              Activation.NONE);
      return MixedEvaluation.ints(op, inputs, out, quantization(), Rounding.DOUBLE);
    }

    TransposedConv2d transposed(Shape filter, String x, String y) {
      boolean named = x.equals("W");
      int top = number(named ? "PADDING_H" : "PAD_Y");
      int left = number(named ? "PADDING_W" : "PAD_X");
      Size2d stride = new Size2d(number("STRIDE_" + y), number("STRIDE_" + x));
      int bottom = (input().dim(1) - 1) * stride.height() + filter.dim(1) - top - output().dim(1);
      int right = (input().dim(2) - 1) * stride.width() + filter.dim(2) - left - output().dim(2);
      return new TransposedConv2d(
          stride,
          Size2d.ONE,
          new Padding2d(top, Math.max(0, bottom), left, Math.max(0, right)),
          Math.max(0, -bottom),
          Math.max(0, -right),
          1,
          Activation.NONE);
    }

    MatMul matMul() {
      // The numbers of columns and rows are those before a matrix is turned.
      return new MatMul(number("ADJ_X") == 1, number("ADJ_Y") == 1);
    }

    /** Of floats that are to be turned, the vectors hold as given what they call transposed. */
    String operand(String side, String turned) {
      return side + (number(turned) == 1 ? "_transposed_tensor" : "_input_tensor");
    }

    int[] stack(String operand) {
      return new int[] {
        number(operand + "_BATCH"),
        number(operand + "_HEIGHT"),
        number(operand + "_ROWS"),
        number(operand + "_COLS")
      };
    }

    ConvolutionQuantization quantization() {
      int[] multipliers = array("output_mult", "output_multiplier");
      int[] shifts = array("output_shift");
      List<Multiplier> pairs = new ArrayList<>();
      for (int i = 0; i < multipliers.length; i++) {
        pairs.add(new Multiplier(multipliers[i], shifts[i]));
      }
      return quantization(pairs, "OUT_ACTIVATION", -number("INPUT_OFFSET"));
    }

    ConvolutionQuantization oneMultiplier(int channels) {
      Multiplier multiplier = new Multiplier(number("OUTPUT_MULTIPLIER"), number("OUTPUT_SHIFT"));
      boolean product = config("LHS_OFFSET") != null;
      return quantization(
          IntStream.range(0, channels).mapToObj(i -> multiplier).toList(),
          product ? "ACTIVATION" : "OUT_ACTIVATION",
          product ? 0 : -number("INPUT_OFFSET"));
    }

    private ConvolutionQuantization quantization(
        List<Multiplier> multipliers, String bounds, int zeroPoint) {
      return new ConvolutionQuantization(
          zeroPoint,
          number("OUTPUT_OFFSET"),
          multipliers,
          List.of(),
          number(bounds + "_MIN"),
          number(bounds + "_MAX"));
    }
  }
}
