package dev.thimble.kernel.dsp;

import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.PortableKernels;
import dev.thimble.kernel.Selection;
import dev.thimble.op.AddQuantization;
import dev.thimble.op.Binary;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** Nodes that compute each element by itself. They are called as those in portable C are. */
final class DspElementwise {
  private static final int AXES = 4;
  private static final long CLAMP_CYCLES = 4;
  private static final long LOOKUP_CYCLES = 6;

  private DspElementwise() {}

  static List<Candidate> candidates(Binary op, KernelRequest request) {
    if (!isElementwise(request)) {
      return List.of();
    }
    return switch (op.function()) {
      case ADD -> add(op, request).stream().toList();
      default -> List.of();
    };
  }

  /** Whether both inputs are computed at run time and of the output's shape. */
  private static boolean isElementwise(KernelRequest request) {
    Shape shape = request.output().shape();
    return isInt8(request.output())
        && request.constants().stream().allMatch(Optional::isEmpty)
        && request.inputs().stream()
            .allMatch(input -> isInt8(input) && input.shape().equals(shape));
  }

  private static boolean isInt8(TensorType type) {
    return Selection.isInt8(type);
  }

  private static Optional<Candidate> add(Binary op, KernelRequest request) {
    AddQuantization quantization =
        AddQuantization.of(
            request.inputs().getFirst(),
            request.inputs().getLast(),
            request.output(),
            op.activation(),
            request.rounding());
    return LinearSum.of(quantization, request.rounding())
        .map(sum -> {
          ParameterList list =
              new ParameterList()
                  .int32("channels", channels(request.output().shape()))
                  .int32("first", sum.first())
                  .int32("second", sum.second())
                  .int32("start", sum.start())
                  .int8("min", quantization.min())
                  .int8("max", quantization.max());
          return candidate("add", "add_s8_dsp", list, request, 8);
        });
  }

  /** The elements of a column. */
  private static int channels(Shape shape) {
    return shape.rank() <= AXES ? shape.expandedTo(AXES).dim(AXES - 1) : shape.dim(-1);
  }

  private static Candidate candidate(
      String folder, String name, ParameterList list, KernelRequest request, long cycles) {
    return PlainForm.of(
        new PortableKernels().select(request),
        folder + "/" + name + ".c",
        name,
        list.toList(),
        cycles * request.output().elements());
  }

  /** A clamp, or a function by a table of its results. */
  static List<Candidate> functions(KernelRequest request) {
    if (!isInt8(request.input()) || !isInt8(request.output())) {
      return List.of();
    }
    return PlainForm.portable(request)
        .map(plain -> {
          long cycles = plain.function().equals("relu_s8") ? CLAMP_CYCLES : LOOKUP_CYCLES;
          return PlainForm.of(plain, cycles * request.output().elements());
        })
        .stream()
        .toList();
  }
}
