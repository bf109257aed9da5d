package dev.thimble.importer.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.thimble.importer.GivenConstant;
import dev.thimble.importer.ModelException;
import java.util.Optional;

/** Files of one tensor, as ONNX's tools write them. */
public final class TensorFile {
  private static final String REMEDY = "give a file that holds one tensor of ONNX";

  private TensorFile() {}

  /**
   * The tensor in these bytes; {@code file} names them in messages. Numbers of float64 are rounded
   * to float32 where {@code narrow} says so, and must be numbers of float32 otherwise.
   *
   * @throws ModelException when the bytes hold no tensor, or one of a type that is not supported
   */
  public static GivenConstant read(String file, byte[] bytes, boolean narrow) {
    try {
      TensorDecoder decoder = new TensorDecoder(new Source(file, Optional.empty()), narrow);
      TensorDecoder.Decoded decoded = decoder.decode("tensor", TensorProto.parseFrom(bytes));
      return new GivenConstant.Array(decoded.dtype(), decoded.dims(), decoded.data());
    } catch (InvalidProtocolBufferException e) {
      throw ModelException.at(file, "tensor", "is no protocol buffer: " + e.getMessage(), REMEDY);
    } catch (UnsupportedNode e) {
      throw ModelException.at(file, "tensor", e.finding(), REMEDY);
    }
  }
}
