package dev.thimble.importer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.testing.TfliteWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.TensorType;

/**
 * Tensors that cannot be inputs or outputs of a network, though an operator could hold their type.
 */
class TfliteEndsTest {
  @ParameterizedTest
  @ValueSource(strings = {"in", "out"})
  void aVariableOfUint8IsRefusedAtTheEndWhereItIs(String name) {
    TfliteWriter writer = quantizedUint8().variable(name);

    assertThatThrownBy(() -> ModelImporter.read("tiny.tflite", writer.bytes()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("graph %sput 0: found '%s' of type variable uint8[1,4]", name, name);
  }

  @Test
  void anEmptyTensorOfUint8IsRefused() {
    TfliteWriter writer = new TfliteWriter();
    uint8(writer, "in", 1, 0).input("in");
    uint8(writer, "out", 1, 0).output("out");
    relu(writer);

    assertThatThrownBy(() -> ModelImporter.read("tiny.tflite", writer.bytes()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("graph input 0: found 'in' of type uint8[1,0]");
  }

  private static TfliteWriter quantizedUint8() {
    TfliteWriter writer = new TfliteWriter();
    uint8(writer, "in", 1, 4).input("in");
    uint8(writer, "out", 1, 4).output("out");
    return relu(writer);
  }

  private static TfliteWriter uint8(TfliteWriter writer, String name, int... shape) {
    return writer
        .tensor(name, TensorType.UINT8, shape)
        .quantization(name, 0, new float[] {0.5f}, new long[] {3});
  }

  private static TfliteWriter relu(TfliteWriter writer) {
    return writer.operator(BuiltinOperator.RELU, List.of("in"), List.of("out"));
  }
}
