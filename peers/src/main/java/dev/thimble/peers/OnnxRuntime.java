package dev.thimble.peers;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * ONNX Runtime on its CPU provider. Dynamic extents become 1. Inputs and outputs of float16 are
 * given and returned as float32, as Thimble holds them.
 */
public final class OnnxRuntime implements Runner {
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> fixed = new LinkedHashMap<>();
  private List<byte[]> outputs = List.of();

  /**
   * Loads a network.
   *
   * @param level how far ONNX Runtime may rewrite it: {@code ALL_OPT} is what its users run, {@code
   *     NO_OPT} what the operators mean
   */
  public OnnxRuntime(Path file, OptLevel level) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(level);
      this.session = session(file, options);
    } catch (OrtException e) {
      throw failure("does not load " + file.getFileName(), e);
    }
  }

  /** A session for the file; for what opset 7 says of it where its own opset is too old. */
  private static OrtSession session(Path file, OrtSession.SessionOptions options)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try {
      return environment.createSession(file.toString(), options);
    } catch (OrtException e) {
      Optional<byte[]> newer = Opset7.of(file);
      if (newer.isEmpty()) {
        throw e;
      }
      return environment.createSession(newer.get(), options);
    }
  }

  /** What fails, with ONNX Runtime's own words but for its codes. */
  private static PeerException failure(String what, OrtException e) {
    String words = String.valueOf(e.getMessage());
    int begin = words.indexOf("message: ");
    String why = begin < 0 ? words : words.substring(begin + "message: ".length());
    return new PeerException("ONNX Runtime " + what + ": " + why.strip(), e);
  }

  @Override
  public String name() {
    return "ONNX Runtime";
  }

  /** The bytes of each input. */
  public List<Integer> inputBytes() {
    List<Integer> bytes = new ArrayList<>();
    for (TensorInfo info : inputTypes().values()) {
      long elements = Arrays.stream(shape(info)).reduce(1, (a, b) -> a * b);
      bytes.add(Math.toIntExact(elements * info.type.size));
    }
    return bytes;
  }

  /** Whether all inputs are of float32. */
  public boolean takesFloats() {
    return inputTypes().values().stream().allMatch(info -> info.type == OnnxJavaType.FLOAT);
  }

  /** Whether an input is of float16, which then is what most values are rounded to. */
  public boolean computesHalves() {
    return inputTypes().values().stream().anyMatch(info -> info.type == OnnxJavaType.FLOAT16);
  }

  private Map<String, TensorInfo> inputTypes() {
    try {
      Map<String, TensorInfo> types = new LinkedHashMap<>();
      for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
        types.put(input.getKey(), (TensorInfo) input.getValue().getInfo());
      }
      return types;
    } catch (OrtException e) {
      throw failure("tells nothing of the inputs", e);
    }
  }

  private static long[] shape(TensorInfo info) {
    return Arrays.stream(info.getShape()).map(extent -> Math.max(1, extent)).toArray();
  }

  /** Gives an input the same value for all runs; {@link #inputs} leaves it out from now on. */
  public void fix(String input, List<Integer> shape, byte[] bytes) {
    TensorInfo info = inputTypes().get(input);
    if (info == null) {
      throw new PeerException("ONNX Runtime has no input " + input);
    }
    try {
      fixed.put(input, tensor(bytes, shape.stream().mapToLong(i -> i).toArray(), info));
    } catch (OrtException e) {
      throw failure("does not take the constants", e);
    }
  }

  private static OnnxTensor tensor(byte[] bytes, long[] shape, TensorInfo info)
      throws OrtException {
    byte[] stored =
        switch (info.type) {
          case FLOAT16 -> Halves.of(bytes);
          case DOUBLE -> Doubles.of(bytes);
          default -> bytes;
        };
    ByteBuffer buffer = ByteBuffer.allocateDirect(stored.length).order(ByteOrder.nativeOrder());
    buffer.put(stored).rewind();
    return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), buffer, shape, info.type);
  }

  @Override
  public void inputs(List<byte[]> given) {
    try {
      int next = 0;
      for (Map.Entry<String, TensorInfo> input : inputTypes().entrySet()) {
        if (fixed.containsKey(input.getKey())) {
          continue;
        }
        OnnxTensor tensor = tensor(given.get(next++), shape(input.getValue()), input.getValue());
        OnnxTensor before = inputs.put(input.getKey(), tensor);
        if (before != null) {
          before.close();
        }
      }
    } catch (OrtException e) {
      throw failure("does not take the inputs", e);
    }
  }

  @Override
  public void run() {
    Map<String, OnnxTensor> all = new LinkedHashMap<>(fixed);
    all.putAll(inputs);
    try (OrtSession.Result result = session.run(all)) {
      List<byte[]> results = new ArrayList<>();
      for (Map.Entry<String, ai.onnxruntime.OnnxValue> output : result) {
        ByteBuffer buffer = ((OnnxTensor) output.getValue()).getByteBuffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        OnnxJavaType type = ((TensorInfo) output.getValue().getInfo()).type;
        results.add(
            switch (type) {
              case FLOAT16 -> Halves.toFloats(bytes);
              case DOUBLE -> Doubles.toFloats(bytes);
              default -> bytes;
            });
      }
      outputs = results;
    } catch (OrtException e) {
      throw failure("fails to run", e);
    }
  }

  @Override
  public List<byte[]> outputs() {
    return outputs;
  }

  @Override
  public void close() {
    inputs.values().forEach(OnnxTensor::close);
    fixed.values().forEach(OnnxTensor::close);
    try {
      session.close();
    } catch (OrtException e) {
      throw failure("does not close", e);
    }
  }
}
