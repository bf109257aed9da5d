package dev.thimble.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.thimble.Compilation;
import dev.thimble.CompileOptions;
import dev.thimble.CompileReports;
import dev.thimble.Compiler;
import dev.thimble.IntegerNetwork;
import dev.thimble.Stage;
import dev.thimble.graph.Graph;
import dev.thimble.testing.OnnxWriter;
import dev.thimble.testing.QuantizedOnnx;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters of int4 and uint4 in ONNX files. */
class FourBitsTest {
  private static final List<Long> SHAPE = List.of(8L, 16L, 1L, 1L);

  /**
   * A quantised convolution whose filter has elements from -8 to 7 in turn, and uint4 at 0 to 15.
   */
  private static OnnxWriter conv(boolean signed, boolean raw) {
    QuantizedOnnx net = new QuantizedOnnx(new Random(3), false);
    OnnxWriter writer = net.writer().opset(21).input("x", 1, 16, 4, 4);
    TensorProto.DataType type = signed ? TensorProto.DataType.INT4 : TensorProto.DataType.UINT4;
    writer.constant(nibbles("w", type, SHAPE, raw));
    writer.numbers("ws", List.of(), 0.02f);
    writer.constant(
        TensorProto.newBuilder()
            .setName("wz")
            .setDataType(type.getNumber())
            .addInt32Data(signed ? 0 : 8)
            .build());
    writer.node("DequantizeLinear", List.of("w", "ws", "wz"), "filter");
    String x = net.quantized("x", 1);
    String y = net.node("Conv", List.of(x, "filter"));
    return writer.output(net.quantized(y, 2));
  }

  private static TensorProto nibbles(
      String name, TensorProto.DataType type, List<Long> dims, boolean raw) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(type.getNumber()).addAllDims(dims);
    byte[] bytes = new byte[64];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (2 * i % 16 | (2 * i + 1) % 16 << 4);
      if (!raw) {
        tensor.addInt32Data(bytes[i] & 0xFF);
      }
    }
    return raw ? tensor.setRawData(ByteString.copyFrom(bytes)).build() : tensor.build();
  }

  private static ImportedModel read(OnnxWriter writer) {
    return IntegerNetwork.of(ModelImporter.read("net.onnx", writer.bytes())).model();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void filtersOfFourBitsTakeFourBitsInFlash(boolean signed) {
    ImportedModel model = read(conv(signed, true));
    Graph graph = model.program().entry();
    int[] filter = graph.constant(graph.nodes().get(1).inputs().get(1)).orElseThrow().ints();
    assertThat(filter[0]).isEqualTo(signed ? 0 : -8);
    assertThat(filter[9]).isEqualTo(signed ? -7 : 1);
    assertThat(Arrays.stream(filter).boxed().toList())
        .hasSize(128)
        .allMatch(each -> each >= -8 && each <= 7);
    Compilation compilation = Compiler.compile(model, CompileOptions.DEFAULTS, Stage.Listener.NONE);
    assertThat(CompileReports.of(compilation, Optional.empty()).filtersBytes()).isEqualTo(64);
  }

  @Test
  void dataMayLieInThePlaceOfIntegersToo() {
    assertThat(read(conv(true, false)).program()).isEqualTo(read(conv(true, true)).program());
  }

  @Test
  void whatWouldTakeThemForBytesIsRefused() {
    OnnxWriter writer =
        new OnnxWriter()
            .opset(21)
            .input("x", 1, 4)
            .numbers("s", List.of(), 1f)
            .constant(nibbles("z", TensorProto.DataType.INT4, List.of(128L), true))
            .node("QuantizeLinear", List.of("x", "s", "z"), "y")
            .output("y");
    assertThatThrownBy(() -> ModelImporter.read("net.onnx", writer.bytes()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(
            "found elements of 4 bits in 'z'; supported: constants of 4 bits that"
                + " DequantizeLinear takes");
  }
}
