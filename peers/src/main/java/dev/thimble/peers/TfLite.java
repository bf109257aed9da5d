package dev.thimble.peers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolver;
import org.bytedeco.tensorflowlite.BuiltinOpResolverWithoutDefaultDelegates;
import org.bytedeco.tensorflowlite.FlatBufferModel;
import org.bytedeco.tensorflowlite.Interpreter;
import org.bytedeco.tensorflowlite.InterpreterBuilder;
import org.bytedeco.tensorflowlite.OpResolver;
import org.jspecify.annotations.Nullable;

/**
 * The interpreter of TensorFlow Lite, with its own kernels, its reference kernels or those of
 * XNNPACK.
 */
public final class TfLite implements Runner {
  private static final int OK = 0;

  private final String name;
  private final OpResolver resolver;
  private final Interpreter interpreter;
  private FlatBufferModel model;

  /** What the model lies in where it is not the file itself. */
  private @Nullable BytePointer bytes;

  private TfLite(String name, Path file, OpResolver resolver) {
    this.name = name;
    this.model = FlatBufferModel.BuildFromFile(file.toString());
    this.resolver = resolver;
    this.interpreter = new Interpreter((Pointer) null);
    String refusal = "does not load " + file.getFileName();
    // What the builder does with an address of null depends on whether it checks it.
    require(!Pointer.isNull(model), refusal);
    if (!isBuilt()) {
      Optional<byte[]> mended = VectorAxes.mended(file);
      require(mended.isPresent(), refusal);
      bytes = new BytePointer(mended.orElseThrow());
      model = FlatBufferModel.BuildFromBuffer(bytes, bytes.capacity());
      require(!Pointer.isNull(model) && isBuilt(), refusal);
    }
    require(interpreter.AllocateTensors() == OK, "allocates no tensors");
  }

  private boolean isBuilt() {
    try (InterpreterBuilder builder = new InterpreterBuilder(model, resolver)) {
      return builder.apply(interpreter, 1) == OK;
    }
  }

  /** With the kernels of TensorFlow Lite itself, optimised where it has such. */
  public static TfLite builtin(Path file) {
    return new TfLite("TensorFlow Lite", file, new BuiltinOpResolverWithoutDefaultDelegates());
  }

  /** With the reference kernels of TensorFlow Lite: slow, and what its operators mean. */
  public static TfLite reference(Path file) {
    return new TfLite("TensorFlow Lite", file, ReferenceKernels.resolver());
  }

  /** With XNNPACK where it has a kernel. */
  public static TfLite xnnpack(Path file) {
    return new TfLite("TensorFlow Lite with XNNPACK", file, new BuiltinOpResolver());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void inputs(List<byte[]> inputs) {
    for (int i = 0; i < inputs.size(); i++) {
      byte[] bytes = inputs.get(i);
      require(interpreter.input_tensor(i).bytes() == bytes.length, "has an input of another size");
      new BytePointer(interpreter.input_tensor(i).data().data()).put(bytes, 0, bytes.length);
    }
  }

  @Override
  public void run() {
    require(interpreter.Invoke() == OK, "fails to run");
  }

  @Override
  public List<byte[]> outputs() {
    List<byte[]> outputs = new ArrayList<>();
    for (long i = 0; i < interpreter.outputs().limit(); i++) {
      byte[] bytes = new byte[Math.toIntExact(interpreter.output_tensor(i).bytes())];
      new BytePointer(interpreter.output_tensor(i).data().data()).get(bytes, 0, bytes.length);
      outputs.add(bytes);
    }
    return outputs;
  }

  private void require(boolean condition, String what) {
    if (!condition) {
      throw new PeerException(name + " " + what);
    }
  }

  @Override
  public void close() {
    interpreter.close();
    resolver.close();
    model.close();
    if (bytes != null) {
      bytes.close();
    }
  }
}
