package dev.thimble.kernel.helium;

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

/** Functions of the elements of two maps of the same shape. */
final class HeliumElementwise {
  private static final int VECTOR = 16;

  private HeliumElementwise() {}

  static List<Candidate> candidates(Binary op, KernelRequest request) {
    boolean maps =
        request.constants().stream().allMatch(Optional::isEmpty)
            && request.inputs().stream()
                .allMatch(type ->
                    Selection.isInt8(type) && type.shape().equals(request.output().shape()));
    return switch (op.function()) {
      case ADD -> {
        List<Candidate> constants = maps ? add(op, request) : List.of();
        yield constants.isEmpty() ? HeliumPortable.candidates(op, request) : constants;
      }
      default -> HeliumPortable.candidates(op, request);
    };
  }

  private static List<Candidate> add(Binary op, KernelRequest request) {
    TensorType output = request.output();
    AddQuantization quantization =
        AddQuantization.of(
            request.inputs().get(0),
            request.inputs().get(1),
            output,
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
            .int16("shift", constants.shift())
            .int8("min", quantization.min())
            .int8("max", quantization.max());
    return new Candidate(
        new Kernel(
            "add/add_s8_helium.c",
            "add_s8_helium",
            tile(request.output()),
            List.of(0, 1),
            list.toList(),
            0,
            true),
        request.output().elements() / VECTOR * 36L + 40);
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
