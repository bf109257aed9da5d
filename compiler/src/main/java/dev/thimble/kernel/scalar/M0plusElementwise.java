package dev.thimble.kernel.scalar;

import dev.thimble.kernel.AddConstants;
import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.Kernel;
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

/** Nodes that compute each element by itself, for ARMv6-M and ARMv7-M. */
final class M0plusElementwise {
  private static final int AXES = 4;
  private static final long CYCLES = 20;

  private M0plusElementwise() {}

  static List<Candidate> candidates(Binary op, KernelRequest request) {
    Shape shape = request.output().shape();
    boolean maps =
        request.constants().stream().allMatch(Optional::isEmpty)
            && request.inputs().stream()
                .allMatch(type -> Selection.isInt8(type) && type.shape().equals(shape));
    return switch (op.function()) {
      case ADD -> maps ? add(op, request) : List.of();
      default -> List.of();
    };
  }

  private static List<Candidate> add(Binary op, KernelRequest request) {
    TensorType first = request.inputs().getFirst();
    TensorType second = request.inputs().getLast();
    AddQuantization quantization =
        AddQuantization.of(first, second, request.output(), op.activation(), request.rounding());
    return AddConstants.of(request, quantization)
        .map(constants -> add(constants, quantization, request))
        .stream()
        .toList();
  }

  private static Candidate add(
      AddConstants constants, AddQuantization quantization, KernelRequest request) {
    Shape shape = request.output().shape();
    ParameterList list =
        new ParameterList()
            .int32(
                "channels",
                shape.rank() <= AXES ? shape.expandedTo(AXES).dim(AXES - 1) : shape.dim(-1))
            .int32("first", constants.first())
            .int32("second", constants.second())
            .int32("offset", constants.offset())
            .int16("shift", constants.shift())
            .int8("min", quantization.min())
            .int8("max", quantization.max());
    Kernel plain = new PortableKernels().select(request);
    Kernel kernel =
        new Kernel(
            "add/add_s8_m0plus.c",
            "add_s8_m0plus",
            plain.form(),
            plain.operands(),
            list.toList(),
            plain.scratchBytes(),
            plain.inPlace());
    return new Candidate(kernel, CYCLES * request.output().elements());
  }
}
