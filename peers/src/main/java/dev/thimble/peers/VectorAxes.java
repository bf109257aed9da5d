package dev.thimble.peers;

import com.google.flatbuffers.FlatBufferBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tensorflow.lite.schema.BufferT;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.ModelT;
import org.tensorflow.lite.schema.QuantizationParametersT;
import org.tensorflow.lite.schema.SubGraphT;
import org.tensorflow.lite.schema.TensorT;

/**
 * Models of old converters, which give biases the axis of their filters: scales along axis 3 of a
 * vector. Newer TensorFlow Lite does not load such a file; what is meant is the vector's only axis.
 */
final class VectorAxes {
  private static final String IDENTIFIER = "TFL3";

  private VectorAxes() {}

  /** The model with the axes that vectors have; nothing where it has them, or is no model. */
  static Optional<byte[]> mended(Path file) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      if (!Model.ModelBufferHasIdentifier(bytes)) {
        return Optional.empty();
      }
      ModelT model = Model.getRootAsModel(bytes).unpack();
      List<QuantizationParametersT> wrong =
          Arrays.stream(model.getSubgraphs())
              .map(SubGraphT::getTensors)
              .flatMap(Arrays::stream)
              .filter(VectorAxes::isWrong)
              .map(TensorT::getQuantization)
              .toList();
      if (wrong.isEmpty()) {
        return Optional.empty();
      }
      wrong.forEach(parameters -> parameters.setQuantizedDimension(0));
      // A buffer without data is one of a tensor that is computed; no data is not an empty array.
      Arrays.stream(model.getBuffers())
          .filter(buffer -> buffer.getData() != null && buffer.getData().length == 0)
          .forEach(VectorAxes::clear);
      FlatBufferBuilder builder = new FlatBufferBuilder(bytes.capacity());
      builder.finish(Model.pack(builder, model), IDENTIFIER);
      return Optional.of(builder.sizedByteArray());
    } catch (IOException e) {
      throw new PeerException("cannot read " + file.getFileName(), e);
    }
  }

  @SuppressWarnings(
      "NullAway") // The generated class says nothing of null, which it writes as none.
  private static void clear(BufferT buffer) {
    buffer.setData(null);
  }

  private static boolean isWrong(TensorT tensor) {
    int[] shape = tensor.getShape();
    QuantizationParametersT parameters = tensor.getQuantization();
    return shape != null
        && shape.length == 1
        && parameters != null
        && parameters.getQuantizedDimension() != 0;
  }
}
