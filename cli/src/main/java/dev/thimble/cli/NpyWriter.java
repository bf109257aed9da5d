package dev.thimble.cli;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Writes tensors of one type as a .npy file, version 1.0. Source: numpy.lib.format. */
final class NpyWriter {
  private static final int HEADER_BYTES = 128;
  private static final int PREAMBLE_BYTES = 10;

  private NpyWriter() {}

  /**
   * Writes the tensors stacked along a new first axis; a leading batch axis of 1 becomes that axis.
   */
  static void write(Path file, List<Tensor> tensors) throws IOException {
    Tensor first = tensors.getFirst();
    int[] dims = first.shape().dims();
    int skip = dims.length > 0 && dims[0] == 1 ? 1 : 0;
    String shape =
        tensors.size()
            + ","
            + java.util.Arrays.stream(dims)
                .skip(skip)
                .mapToObj(dim -> dim + ",")
                .collect(Collectors.joining());
    int elementBytes = first.type().dtype().bytes();
    ByteBuffer bytes =
        ByteBuffer.allocate(HEADER_BYTES + tensors.size() * first.type().elements() * elementBytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    String header =
        "{'descr': '"
            + descr(first.type().dtype())
            + "', 'fortran_order': False, 'shape': ("
            + shape;
    bytes
        .put((byte) 0x93)
        .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put((byte) 0);
    bytes.putShort((short) (HEADER_BYTES - PREAMBLE_BYTES));
    String padded =
        String.format("%-" + (HEADER_BYTES - PREAMBLE_BYTES - 1) + "s\n", header + ")}");
    bytes.put(padded.getBytes(StandardCharsets.US_ASCII));
    tensors.forEach(tensor -> put(bytes, tensor));
    Files.write(file, bytes.array());
  }

  private static String descr(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> "<f4";
      case INT8 -> "|i1";
      case UINT8 -> "|u1";
      case INT16 -> "<i2";
      case INT32 -> "<i4";
    };
  }

  private static void put(ByteBuffer bytes, Tensor tensor) {
    if (tensor.type().isFloat()) {
      for (float value : tensor.floats()) {
        bytes.putFloat(value);
      }
      return;
    }
    for (int value : tensor.ints()) {
      switch (tensor.type().dtype().bytes()) {
        case 1 -> bytes.put((byte) value);
        case 2 -> bytes.putShort((short) value);
        default -> bytes.putInt(value);
      }
    }
  }
}
