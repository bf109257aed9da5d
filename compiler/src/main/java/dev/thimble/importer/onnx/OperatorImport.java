package dev.thimble.importer.onnx;

import static java.util.Map.entry;

import dev.thimble.op.ArgReduce;
import dev.thimble.op.Binary;
import dev.thimble.op.Compare;
import dev.thimble.op.Parametric;
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
          entry("Abs", unary(Unary.Function.ABS)),
          entry("Acos", unary(Unary.Function.ACOS)),
          entry("Acosh", unary(Unary.Function.ACOSH)),
          entry("Add", binary(Binary.Function.ADD)),
          entry("And", binary(Binary.Function.AND)),
          entry("ArgMax", argReduce(ArgReduce.Function.MAX)),
          entry("ArgMin", argReduce(ArgReduce.Function.MIN)),
          entry("Asin", unary(Unary.Function.ASIN)),
          entry("Asinh", unary(Unary.Function.ASINH)),
          entry("Atan", unary(Unary.Function.ATAN)),
          entry("Atanh", unary(Unary.Function.ATANH)),
          entry("AveragePool", PoolImport::average),
          entry("BatchNormalization", NormImport::batch),
          entry("BitShift", ElementwiseImport::bitShift),
          entry("BitwiseAnd", binary(Binary.Function.AND)),
          entry("BitwiseNot", unary(Unary.Function.BITWISE_NOT)),
          entry("BitwiseOr", binary(Binary.Function.OR)),
          entry("BitwiseXor", binary(Binary.Function.XOR)),
          entry("Cast", CastImport::cast),
          entry("CastLike", CastImport::castLike),
          entry("Ceil", unary(Unary.Function.CEIL)),
          entry("Celu", at -> ParametricImport.alpha(at, Parametric.Function.CELU, 1)),
          entry("Clip", ParametricImport::clip),
          entry("Compress", IndexImport::compress),
          entry("Concat", MoveImport::concat),
          entry("Constant", ConstantImport::constant),
          entry("ConstantOfShape", ConstantImport::constantOfShape),
          entry("Conv", ConvolutionImport::conv),
          entry("ConvInteger", IntegerConvolutionImport::convInteger),
          entry("ConvTranspose", TransposedImport::convTranspose),
          entry("Cos", unary(Unary.Function.COS)),
          entry("Cosh", unary(Unary.Function.COSH)),
          entry("CumSum", GridImport::cumSum),
          entry("DepthToSpace", GridImport::depthToSpace),
          entry("DequantizeLinear", QuantizationImport::dequantize),
          entry("Div", binary(Binary.Function.DIV)),
          entry("Dropout", ConstantImport::dropout),
          entry("DynamicQuantizeLinear", QuantizationImport::dynamic),
          entry("Einsum", EinsumImport::einsum),
          entry("Elu", at -> ParametricImport.alpha(at, Parametric.Function.ELU, 1)),
          entry("Equal", compare(Compare.Function.EQUAL)),
          entry("Erf", unary(Unary.Function.ERF)),
          entry("Exp", unary(Unary.Function.EXP)),
          entry("Expand", MoveImport::expand),
          entry("EyeLike", SequenceImport::eyeLike),
          entry("Flatten", ShapeImport::flatten),
          entry("Floor", unary(Unary.Function.FLOOR)),
          entry("GRU", RecurrentImport::gru),
          entry("Gather", GatherImport::gather),
          entry("GatherElements", IndexImport::gatherElements),
          entry("GatherND", IndexImport::gatherNd),
          entry("Gelu", ParametricImport::gelu),
          entry("Gemm", MatrixImport::gemm),
          entry("GlobalAveragePool", PoolImport::globalAverage),
          entry("GlobalLpPool", PoolImport::globalLp),
          entry("GlobalMaxPool", PoolImport::globalMax),
          entry("Greater", compare(Compare.Function.GREATER)),
          entry("GreaterOrEqual", compare(Compare.Function.GREATER_EQUAL)),
          entry("GroupNormalization", MomentImport::group),
          entry("HardSigmoid", ParametricImport::hardSigmoid),
          entry("HardSwish", unary(Unary.Function.HARD_SWISH)),
          entry("Hardmax", LineImport::hardMax),
          entry("Identity", ConstantImport::identity),
          entry("If", BodyImport::branch),
          entry("InstanceNormalization", MomentImport::instance),
          entry("IsInf", ParametricImport::isInf),
          entry("IsNaN", at -> ElementwiseImport.test(at, new Unary(Unary.Function.IS_NAN))),
          entry("LRN", MomentImport::localResponse),
          entry("LSTM", RecurrentImport::lstm),
          entry("LayerNormalization", MomentImport::layer),
          entry(
              "LeakyRelu", at -> ParametricImport.alpha(at, Parametric.Function.LEAKY_RELU, 0.01f)),
          entry("Less", compare(Compare.Function.LESS)),
          entry("LessOrEqual", compare(Compare.Function.LESS_EQUAL)),
          entry("Log", unary(Unary.Function.LOG)),
          entry("LogSoftmax", LineImport::logSoftmax),
          entry("LpNormalization", LineImport::lp),
          entry("LpPool", PoolImport::lp),
          entry("MatMul", MatrixImport::matMul),
          entry("MatMulInteger", QuantizationImport::matMulInteger),
          entry("Max", at -> ElementwiseImport.fold(at, Binary.Function.MAX)),
          entry("MaxPool", PoolImport::max),
          entry("Mean", ElementwiseImport::mean),
          entry("MeanVarianceNormalization", MomentImport::meanVariance),
          entry("Min", at -> ElementwiseImport.fold(at, Binary.Function.MIN)),
          entry("Mish", unary(Unary.Function.MISH)),
          entry("Mod", ElementwiseImport::mod),
          entry("Mul", binary(Binary.Function.MUL)),
          entry("Neg", unary(Unary.Function.NEG)),
          entry("NegativeLogLikelihoodLoss", LossImport::negativeLogLikelihood),
          entry("NonZero", IndexImport::nonZero),
          entry("Not", unary(Unary.Function.NOT)),
          entry("OneHot", IndexImport::oneHot),
          entry("Or", binary(Binary.Function.OR)),
          entry("PRelu", ElementwiseImport::prelu),
          entry("Pad", PadImport::pad),
          entry("Pow", ElementwiseImport::pow),
          entry("QLinearConv", IntegerConvolutionImport::qLinearConv),
          entry("QLinearMatMul", QuantizedMatrixImport::qLinearMatMul),
          entry("QuantizeLinear", QuantizationImport::quantize),
          entry("Range", SequenceImport::range),
          entry("RNN", RecurrentImport::rnn),
          entry("Reciprocal", unary(Unary.Function.RECIPROCAL)),
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
          entry("Resize", ResizeImport::resize),
          entry("ReverseSequence", IndexImport::reverseSequence),
          entry("Round", unary(Unary.Function.ROUND)),
          entry("Scatter", IndexImport::scatterElements),
          entry("ScatterElements", IndexImport::scatterElements),
          entry("ScatterND", IndexImport::scatterNd),
          entry("Selu", ParametricImport::selu),
          entry("Shape", ConstantImport::shape),
          entry("Shrink", ParametricImport::shrink),
          entry("Sigmoid", unary(Unary.Function.SIGMOID)),
          entry("Sign", unary(Unary.Function.SIGN)),
          entry("Sin", unary(Unary.Function.SIN)),
          entry("Sinh", unary(Unary.Function.SINH)),
          entry("Size", ConstantImport::size),
          entry("Slice", MoveImport::slice),
          entry("Softmax", LineImport::softmax),
          entry("SoftmaxCrossEntropyLoss", LossImport::crossEntropy),
          entry("Softplus", unary(Unary.Function.SOFTPLUS)),
          entry("Softsign", unary(Unary.Function.SOFTSIGN)),
          entry("SpaceToDepth", GridImport::spaceToDepth),
          entry("Split", MoveImport::split),
          entry("Sqrt", unary(Unary.Function.SQRT)),
          entry("Squeeze", ShapeImport::squeeze),
          entry("Sub", binary(Binary.Function.SUB)),
          entry("Sum", at -> ElementwiseImport.fold(at, Binary.Function.ADD)),
          entry("Tan", unary(Unary.Function.TAN)),
          entry("Tanh", unary(Unary.Function.TANH)),
          entry(
              "ThresholdedRelu",
              at -> ParametricImport.alpha(at, Parametric.Function.THRESHOLDED_RELU, 1)),
          entry("Tile", MoveImport::tile),
          entry("TopK", IndexImport::topK),
          entry("Transpose", ShapeImport::transpose),
          entry("Trilu", GridImport::trilu),
          entry("Unsqueeze", ShapeImport::unsqueeze),
          entry("Upsample", ResizeImport::upsample),
          entry("Where", ElementwiseImport::where),
          entry("Xor", binary(Binary.Function.XOR)));

  /** What is supported of all other operators. */
  static final String NO_FORM = "no form of this operator";

  private static final List<String> DOMAINS = List.of("", "ai.onnx");

  /** The names of the operators above, for the message about all others. */
  static final String OPERATORS =
      ROWS.keySet().stream().sorted().collect(Collectors.joining(", "))
          + ", "
          + MicrosoftImport.OPERATORS
          + ", "
          + QonnxImport.OPERATORS;

  private OperatorImport() {}

  private static Consumer<OnnxNode> argReduce(ArgReduce.Function function) {
    return at -> GatherImport.argReduce(at, function);
  }

  private static Consumer<OnnxNode> binary(Binary.Function function) {
    return at -> ElementwiseImport.binary(at, function);
  }

  private static Consumer<OnnxNode> compare(Compare.Function function) {
    return at -> ElementwiseImport.compare(at, function);
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
    if (domain.equals(OnnxImporter.UNTRANSLATED)) {
      Attributes reason = at.attributes();
      throw new UnsupportedNode(reason.text("found", ""), reason.text("supported", ""));
    }
    @Nullable Consumer<OnnxNode> row = DOMAINS.contains(domain) ? ROWS.get(at.op()) : null;
    if ((domain.equals(MicrosoftImport.DOMAIN) && MicrosoftImport.read(at))
        || (QonnxImport.DOMAINS.contains(domain) && QonnxImport.read(at))) {
      requireRead(at);
      return;
    }
    if (row == null && BodyImport.isFunction(at)) {
      BodyImport.call(at);
      return;
    }
    if (row == null) {
      throw new UnsupportedNode(
          (DOMAINS.contains(domain) ? "" : "domain " + Source.quoted(domain) + ", ")
              + at.describe(),
          NO_FORM);
    }
    row.accept(at);
    requireRead(at);
  }

  private static void requireRead(OnnxNode at) {
    List<String> unread = at.attributes().unread();
    if (!unread.isEmpty()) {
      throw new UnsupportedNode(
          "attributes " + unread + " of unknown meaning", "the attributes of the specification");
    }
  }
}
