package dev.thimble.conformance;

import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads recorded tensors that are not simply in a network's own type. */
final class RawData {
  private RawData() {}

  /** A file of int8 numbers, as a tensor of this type. */
  static Tensor int8(Path file, TensorType type) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int[] values = new int[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i];
    }
    return Tensor.ofInts(type, values);
  }

  /** A file of uint8 numbers, as the int8 tensor whose zero point is as much lower. */
  static Tensor uint8AsInt8(Path file, TensorType type) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int[] values = new int[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Byte.toUnsignedInt(bytes[i]) - 128;
    }
    return Tensor.ofInts(type, values);
  }

  /** A file of float32 numbers, quantised to this type: ties away from zero, saturated. */
  static Tensor quantized(Path file, TensorType type) throws IOException {
    FloatBuffer floats = floats(Files.readAllBytes(file));
    QuantParams.PerTensor quant = (QuantParams.PerTensor) type.quant();
    int[] values = new int[floats.remaining()];
    for (int i = 0; i < values.length; i++) {
      float scaled = floats.get(i) / quant.scale();
      long whole = (long) Math.signum(scaled) * (long) Math.floor(Math.abs(scaled) + 0.5);
      values[i] =
          Math.clamp(whole + quant.zeroPoint(), type.dtype().minValue(), type.dtype().maxValue());
    }
    return Tensor.ofInts(type, values);
  }

  static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
