package dev.thimble.kernel.scalar;

import dev.thimble.kernel.AddConstants;
import dev.thimble.kernel.Candidate;
import dev.thimble.kernel.Form;
import dev.thimble.kernel.Kernel;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.kernel.ParameterList;
import dev.thimble.kernel.Selection;
import dev.thimble.op.AddQuantization;
import dev.thimble.op.Binary;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Sums of two maps of the same shape, for RISC-V. */
final class RiscvElementwise {
  private static final String NAME = "add_s8_riscv";

  private RiscvElementwise() {}

  static List<Candidate> candidates(Binary op, KernelRequest request) {
    boolean maps =
        request.constants().stream().allMatch(Optional::isEmpty)
            && request.inputs().stream()
                .allMatch(type ->
                    Selection.isInt8(type) && type.shape().equals(request.output().shape()));
    return switch (op.function()) {
      case ADD -> maps ? add(op, request) : List.of();
      default -> List.of();
    };
  }

  private static List<Candidate> add(Binary op, KernelRequest request) {
    AddQuantization quantization =
        AddQuantization.of(
            request.inputs().get(0),
            request.inputs().get(1),
            request.output(),
            op.activation(),
            request.rounding());
    return AddConstants.of(request, quantization)
        .map(constants -> add(constants, quantization, request))
        .stream()
        .toList();
  }

  private static Candidate add(
      AddConstants constants, AddQuantization quantization, KernelRequest request) {
    ParameterList list =
        new ParameterList()
            .int32("first", constants.first())
            .int32("second", constants.second())
            .int32("offset", constants.offset())
            .int8("shift", constants.shift())
            .int8("min", quantization.min())
            .int8("max", quantization.max());
    Kernel kernel =
        new Kernel(
            "add/" + NAME + ".c",
            NAME,
            tile(request.output()),
            List.of(0, 1),
            list.toList(),
            0,
            true);
    return new Candidate(kernel, RiscvCycles.add(request.output().elements()));
  }

  /** A tile whose columns are elements: by image rows for NHWC, else a single row. */
  private static Form.Tile tile(TensorType output) {
    Shape shape = output.shape();
    boolean image = shape.rank() == 4;
    int width = image ? shape.dim(2) * shape.dim(3) : shape.elements();
    int rows = image ? shape.dim(1) : 1;
    Form.Operand operand = new Form.Operand(rows, width);
    return new Form.Tile(
        image ? shape.dim(0) : 1,
        rows,
        width,
        width,
        Form.RowWindow.SAME,
        List.of(operand, operand),
        OptionalInt.empty(),
        true);
  }
}
