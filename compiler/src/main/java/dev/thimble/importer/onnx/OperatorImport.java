package dev.thimble.importer.onnx;

import static java.util.Map.entry;

import dev.thimble.op.ArgReduce;
import dev.thimble.op.Binary;
import dev.thimble.op.Reduce;
import dev.thimble.op.Unary;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which operator is imported as what. */
final class OperatorImport {
  private static final Map<String, Consumer<OnnxNode>> ROWS =
      Map.ofEntries(
          entry("Add", binary(Binary.Function.ADD)),
          entry("ArgMax", argReduce(ArgReduce.Function.MAX)),
          entry("ArgMin", argReduce(ArgReduce.Function.MIN)),
          entry("AveragePool", PoolImport::average),
          entry("BatchNormalization", NormImport::batch),
          entry("Cast", ElementwiseImport::cast),
          entry("Clip", ElementwiseImport::clip),
          entry("Concat", MoveImport::concat),
          entry("Constant", ConstantImport::constant),
          entry("ConstantOfShape", ConstantImport::constantOfShape),
          entry("Conv", ConvolutionImport::conv),
          entry("Dropout", ConstantImport::dropout),
          entry("Expand", MoveImport::expand),
          entry("Flatten", ShapeImport::flatten),
          entry("Gather", GatherImport::gather),
          entry("Gemm", MatrixImport::gemm),
          entry("GlobalAveragePool", PoolImport::globalAverage),
          entry("Identity", ConstantImport::identity),
          entry("MatMul", MatrixImport::matMul),
          entry("MaxPool", PoolImport::max),
          entry("Mul", binary(Binary.Function.MUL)),
          entry("Pad", PadImport::pad),
          entry("ReduceL1", reduce(Reduce.Function.L1)),
          entry("ReduceL2", reduce(Reduce.Function.L2)),
          entry("ReduceLogSum", reduce(Reduce.Function.LOG_SUM)),
          entry("ReduceLogSumExp", reduce(Reduce.Function.LOG_SUM_EXP)),
          entry("ReduceMax", reduce(Reduce.Function.MAX)),
          entry("ReduceMean", reduce(Reduce.Function.MEAN)),
          entry("ReduceMin", reduce(Reduce.Function.MIN)),
          entry("ReduceProd", reduce(Reduce.Function.PROD)),
          entry("ReduceSum", reduce(Reduce.Function.SUM)),
          entry("ReduceSumSquare", reduce(Reduce.Function.SUM_SQUARE)),
          entry("Relu", unary(Unary.Function.RELU)),
          entry("Reshape", ShapeImport::reshape),
          entry("Shape", ConstantImport::shape),
          entry("Sigmoid", unary(Unary.Function.SIGMOID)),
          entry("Size", ConstantImport::size),
          entry("Slice", MoveImport::slice),
          entry("Softmax", NormImport::softmax),
          entry("Split", MoveImport::split),
          entry("Squeeze", ShapeImport::squeeze),
          entry("Tile", MoveImport::tile),
          entry("Transpose", ShapeImport::transpose),
          entry("Unsqueeze", ShapeImport::unsqueeze));

  private static final List<String> DOMAINS = List.of("", "ai.onnx");

  /** The names of the operators above, for the message about all others. */
  static final String OPERATORS = ROWS.keySet().stream().sorted().collect(Collectors.joining(", "));

  private OperatorImport() {}

  private static Consumer<OnnxNode> argReduce(ArgReduce.Function function) {
    return at -> GatherImport.argReduce(at, function);
  }

  private static Consumer<OnnxNode> binary(Binary.Function function) {
    return at -> ElementwiseImport.binary(at, function);
  }

  private static Consumer<OnnxNode> unary(Unary.Function function) {
    return at -> ElementwiseImport.unary(at, function);
  }

  private static Consumer<OnnxNode> reduce(Reduce.Function function) {
    return at -> ReduceImport.reduce(at, function);
  }

  /**
   * Imports a node. Throws {@link UnsupportedNode} for one that is not supported and {@link
   * dev.thimble.importer.ModelException} for one that is malformed.
   */
  static void read(OnnxNode at) {
    String domain = at.proto().getDomain();
    @Nullable Consumer<OnnxNode> row = DOMAINS.contains(domain) ? ROWS.get(at.op()) : null;
    if (row == null) {
      throw new UnsupportedNode(
          (DOMAINS.contains(domain) ? "" : "domain " + Source.quoted(domain) + ", ")
              + at.describe(),
          "no form of this operator");
    }
    row.accept(at);
    List<String> unread = at.attributes().unread();
    if (!unread.isEmpty()) {
      throw new UnsupportedNode(
          "attributes " + unread + " of unknown meaning", "the attributes of the specification");
    }
  }
}
