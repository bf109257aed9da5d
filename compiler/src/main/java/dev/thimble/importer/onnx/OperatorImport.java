package dev.thimble.importer.onnx;

import static java.util.Map.entry;

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
          entry("AveragePool", PoolImport::average),
          entry("BatchNormalization", NormImport::batch),
          entry("Cast", ElementwiseImport::cast),
          entry("Clip", ElementwiseImport::clip),
          entry("Constant", ConstantImport::constant),
          entry("ConstantOfShape", ConstantImport::constantOfShape),
          entry("Conv", ConvolutionImport::conv),
          entry("Dropout", ConstantImport::dropout),
          entry("Flatten", ShapeImport::flatten),
          entry("Gemm", MatrixImport::gemm),
          entry("GlobalAveragePool", PoolImport::globalAverage),
          entry("Identity", ConstantImport::identity),
          entry("MatMul", MatrixImport::matMul),
          entry("MaxPool", PoolImport::max),
          entry("Mul", binary(Binary.Function.MUL)),
          entry("Pad", PadImport::pad),
          entry("ReduceMean", reduce(Reduce.Function.MEAN)),
          entry("Relu", unary(Unary.Function.RELU)),
          entry("Reshape", ShapeImport::reshape),
          entry("Shape", ConstantImport::shape),
          entry("Sigmoid", unary(Unary.Function.SIGMOID)),
          entry("Size", ConstantImport::size),
          entry("Softmax", NormImport::softmax),
          entry("Squeeze", ShapeImport::squeeze),
          entry("Transpose", ShapeImport::transpose),
          entry("Unsqueeze", ShapeImport::unsqueeze));

  private static final List<String> DOMAINS = List.of("", "ai.onnx");

  /** The names of the operators above, for the message about all others. */
  static final String OPERATORS = ROWS.keySet().stream().sorted().collect(Collectors.joining(", "));

  private OperatorImport() {}

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
