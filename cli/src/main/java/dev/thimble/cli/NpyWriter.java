package dev.thimble.cli;

import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorBytes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Writes tensors of one type as a .npy file, version 1.0. Source: numpy.lib.format. */
final class NpyWriter {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  /** The data begin at a multiple of so many bytes. */
  private static final int ALIGNMENT = 64;

  private NpyWriter() {}

  /**
   * Writes the tensors stacked along a new first axis; a leading batch axis of 1 becomes that axis.
   */
  static void write(Path file, List<Tensor> tensors) throws IOException {
    String header = header(tensors);
    int before = MAGIC.length + Short.BYTES;
    int padding = Math.floorMod(-(before + header.length() + 1), ALIGNMENT);
    byte[] padded = (header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(MAGIC);
      out.write(padded.length & 0xff);
      out.write(padded.length >> Byte.SIZE);
      out.write(padded);
      TensorBytes.write(tensors, out);
    }
  }

  private static String header(List<Tensor> tensors) {
    Tensor first = tensors.getFirst();
    int[] dims = first.shape().dims();
    String inner =
        Arrays.stream(dims)
            .skip(dims.length > 0 && dims[0] == 1 ? 1 : 0)
            .mapToObj(dim -> dim + ",")
            .collect(Collectors.joining());
    return "{'descr': '"
        + descr(first.type().dtype())
        + "', 'fortran_order': False, 'shape': ("
        + tensors.size()
        + ","
        + inner
        + ")}";
  }

  private static String descr(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> "<f4";
      case INT8 -> "|i1";
      case UINT8 -> "|u1";
      case BOOL -> "|b1";
      case INT16 -> "<i2";
      case UINT16 -> "<u2";
      case INT32 -> "<i4";
      case UINT32 -> "<u4";
      case INT64 -> "<i8";
    };
  }
}
