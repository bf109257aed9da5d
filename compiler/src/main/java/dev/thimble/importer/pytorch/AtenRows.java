package dev.thimble.importer.pytorch;

import static java.util.Map.entry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Which operator is told how. Overloads of a name share a row. */
final class AtenRows {
  private static final Map<String, String> UNARY =
      Map.ofEntries(
          entry("abs", "Abs"),
          entry("acos", "Acos"),
          entry("acosh", "Acosh"),
          entry("asin", "Asin"),
          entry("asinh", "Asinh"),
          entry("atan", "Atan"),
          entry("atanh", "Atanh"),
          entry("ceil", "Ceil"),
          entry("cos", "Cos"),
          entry("cosh", "Cosh"),
          entry("erf", "Erf"),
          entry("floor", "Floor"),
          entry("hardswish", "HardSwish"),
          entry("log", "Log"),
          entry("mish", "Mish"),
          entry("neg", "Neg"),
          entry("reciprocal", "Reciprocal"),
          entry("relu", "Relu"),
          entry("round", "Round"),
          entry("selu", "Selu"),
          entry("sigmoid", "Sigmoid"),
          entry("sign", "Sign"),
          entry("sin", "Sin"),
          entry("sinh", "Sinh"),
          entry("sqrt", "Sqrt"),
          entry("tan", "Tan"),
          entry("tanh", "Tanh"));

  private static final List<String> SAME =
      List.of(
          "alias",
          "clone",
          "contiguous",
          "detach",
          "detach_copy",
          "dropout",
          "feature_dropout",
          "lift_fresh_copy",
          "positive",
          "alpha_dropout");

  private static final Map<String, Consumer<AtenCall>> ROWS = rows();

  private AtenRows() {}

  /** The row of an operator, such as {@code aten.conv2d}, without its overload. */
  static Optional<Consumer<AtenCall>> of(String operator) {
    return Optional.ofNullable(ROWS.get(operator));
  }

  private static Map<String, Consumer<AtenCall>> rows() {
    Map<String, Consumer<AtenCall>> rows = new HashMap<>();
    UNARY.forEach((name, op) -> rows.put("aten." + name, at -> ElementRows.unary(at, op)));
    SAME.forEach(name -> rows.put("aten." + name, AtenRows::same));
    maps(rows);
    matrices(rows);
    activations(rows);
    arithmetic(rows);
    comparisons(rows);
    shapes(rows);
    moves(rows);
    reductions(rows);
    quantised(rows);
    return rows;
  }

  /** Operators that change nothing at inference. */
  private static void same(AtenCall at) {
    at.ignore("memory_format", "p");
    if (at.flag("train", false)) {
      throw at.unsupported("dropout in training mode", "model.eval() before the export");
    }
    at.same(at.node().input("input").isPresent() ? "input" : "self");
  }

  private static void maps(Map<String, Consumer<AtenCall>> rows) {
    for (String name : List.of("conv1d", "conv2d", "conv3d", "convolution")) {
      rows.put("aten." + name, at -> MapRows.convolution(at, false));
    }
    for (String name : List.of("conv_transpose1d", "conv_transpose2d")) {
      rows.put("aten." + name, at -> MapRows.convolution(at, true));
    }
    for (int axes = 1; axes <= 2; axes++) {
      int spatial = axes;
      rows.put("aten.max_pool" + axes + "d", at -> MapRows.maxPool(at, spatial));
      rows.put("aten.max_pool" + axes + "d_with_indices", at -> MapRows.maxPool(at, spatial));
      rows.put("aten.avg_pool" + axes + "d", at -> MapRows.averagePool(at, spatial));
      rows.put("aten.adaptive_avg_pool" + axes + "d", at -> MapRows.adaptive(at, spatial, false));
      rows.put("aten._adaptive_avg_pool" + axes + "d", at -> MapRows.adaptive(at, spatial, false));
      rows.put("aten.adaptive_max_pool" + axes + "d", at -> MapRows.adaptive(at, spatial, true));
      rows.put(
          "aten.upsample_nearest" + axes + "d",
          at -> MapRows.upsample(at, "nearest", "asymmetric"));
      rows.put(
          "aten._upsample_nearest_exact" + axes + "d",
          at -> MapRows.upsample(at, "nearest", "half_pixel"));
    }
    resizes(rows);
    norms(rows);
  }

  private static void resizes(Map<String, Consumer<AtenCall>> rows) {
    rows.put("aten.upsample_linear1d", at -> MapRows.upsample(at, "linear", "half_pixel"));
    rows.put("aten.upsample_bilinear2d", at -> MapRows.upsample(at, "linear", "half_pixel"));
    rows.put("aten.upsample_bicubic2d", at -> MapRows.upsample(at, "cubic", "half_pixel"));
    rows.put("aten.pixel_shuffle", MapRows::pixelShuffle);
    rows.put("aten.pixel_unshuffle", MapRows::pixelUnshuffle);
    rows.put("aten.channel_shuffle", MapRows::channelShuffle);
  }

  private static void norms(Map<String, Consumer<AtenCall>> rows) {
    rows.put("aten.batch_norm", NormRows::batch);
    rows.put("aten._native_batch_norm_legit_no_training", NormRows::batch);
    rows.put("aten._native_batch_norm_legit", NormRows::ownStatistics);
    rows.put("aten.layer_norm", NormRows::layer);
    rows.put("aten.native_layer_norm", NormRows::layer);
    rows.put("aten.group_norm", NormRows::group);
    rows.put("aten.native_group_norm", NormRows::group);
    rows.put("aten.instance_norm", NormRows::instance);
    rows.put("aten.rms_norm", NormRows::rms);
    rows.put("aten._weight_norm", NormRows::weight);
    rows.put("aten.cosine_similarity", NormRows::cosine);
    for (String name : List.of("softmax", "_softmax", "_safe_softmax")) {
      rows.put("aten." + name, at -> NormRows.softmax(at, "Softmax"));
    }
    for (String name : List.of("log_softmax", "_log_softmax")) {
      rows.put("aten." + name, at -> NormRows.softmax(at, "LogSoftmax"));
    }
  }

  private static void matrices(Map<String, Consumer<AtenCall>> rows) {
    rows.put("aten.linear", MatrixRows::linear);
    rows.put("aten.addmm", MatrixRows::addmm);
    rows.put("aten.baddbmm", MatrixRows::baddbmm);
    rows.put("aten.mm", at -> MatrixRows.product(at, "self", "mat2"));
    rows.put("aten.bmm", at -> MatrixRows.product(at, "self", "mat2"));
    rows.put("aten.outer", at -> MatrixRows.vectors(at, "self", "vec2", true));
    rows.put("aten.dot", at -> MatrixRows.vectors(at, "self", "tensor", false));
    rows.put("aten.mv", at -> MatrixRows.product(at, "self", "vec"));
    rows.put("aten.matmul", at -> MatrixRows.product(at, "self", "other"));
    rows.put("aten.einsum", EinsumRows::einsum);
    rows.put("aten.scaled_dot_product_attention", MatrixRows::attention);
    rows.put("aten.gru", RecurrentRows::gru);
    rows.put("aten.lstm", RecurrentRows::lstm);
    rows.put("aten.gru_cell", RecurrentRows::gruCell);
    rows.put("aten.lstm_cell", RecurrentRows::lstmCell);
    rows.put("aten.rnn_tanh", at -> RecurrentRows.rnn(at, "Tanh"));
    rows.put("aten.rnn_relu", at -> RecurrentRows.rnn(at, "Relu"));
  }

  private static void activations(Map<String, Consumer<AtenCall>> rows) {
    rows.put("aten.hardtanh", at -> ElementRows.clip(at, -1, 1));
    rows.put("aten.relu6", at -> ElementRows.clip(at, 0, 6));
    rows.put(
        "aten.leaky_relu",
        at -> ElementRows.parametric(at, "LeakyRelu", "negative_slope", "alpha", 0.01));
    rows.put("aten.celu", at -> ElementRows.parametric(at, "Celu", "alpha", "alpha", 1));
    rows.put("aten.elu", ElementRows::elu);
    rows.put("aten.hardsigmoid", ElementRows::hardSigmoid);
    rows.put("aten.gelu", ElementRows::gelu);
    rows.put("aten.silu", ElementRows::silu);
    rows.put("aten.softplus", ElementRows::softplus);
    rows.put("aten.log_sigmoid", ElementRows::logSigmoid);
    rows.put("aten.hardshrink", at -> ElementRows.shrink(at, false));
    rows.put("aten.softshrink", at -> ElementRows.shrink(at, true));
    rows.put("aten.threshold", ElementRows::threshold);
    rows.put("aten.prelu", ElementRows::prelu);
    rows.put("aten._prelu_kernel", ElementRows::prelu);
    rows.put("aten.glu", ElementRows::glu);
  }

  private static void arithmetic(Map<String, Consumer<AtenCall>> rows) {
    rows.put("aten.add", at -> ElementRows.sum(at, "Add", false));
    rows.put("aten.sub", at -> ElementRows.sum(at, "Sub", false));
    rows.put("aten.rsub", at -> ElementRows.sum(at, "Sub", true));
    rows.put("aten.mul", at -> ElementRows.binary(at, "Mul"));
    rows.put("aten.multiply", at -> ElementRows.binary(at, "Mul"));
    rows.put("aten.div", ElementRows::divide);
    rows.put("aten.divide", ElementRows::divide);
    rows.put("aten.true_divide", ElementRows::divide);
    rows.put("aten.maximum", at -> ElementRows.binary(at, "Max"));
    rows.put("aten.minimum", at -> ElementRows.binary(at, "Min"));
    rows.put("aten.remainder", at -> ElementRows.remainder(at, false));
    rows.put("aten.fmod", at -> ElementRows.remainder(at, true));
    rows.put("aten.pow", ElementRows::power);
    rows.put("aten.lerp", ElementRows::lerp);
    rows.put("aten.trunc", at -> ElementRows.truncate(at, false));
    rows.put("aten.fix", at -> ElementRows.truncate(at, false));
    rows.put("aten.frac", at -> ElementRows.truncate(at, true));
    rows.put("aten.floor_divide", ElementRows::floorDivide);
    rows.put("aten.exp", ElementRows::exp);
    rows.put("aten.expm1", ElementRows::expMinusOne);
    rows.put("aten.log1p", ElementRows::logOfOnePlus);
    rows.put("aten.square", at -> at.emit("Mul", List.of(at.x("self"), at.x("self"))));
    rows.put(
        "aten.rsqrt", at -> at.emit("Reciprocal", List.of(at.step("Sqrt", List.of(at.x("self"))))));
    rows.put("aten.log2", at -> ElementRows.log(at, 2));
    rows.put("aten.log10", at -> ElementRows.log(at, 10));
    rows.put("aten.clamp", at -> ElementRows.clamp(at, "min", "max"));
    rows.put("aten.clip", at -> ElementRows.clamp(at, "min", "max"));
    rows.put("aten.clamp_min", at -> ElementRows.clamp(at, "min", "max"));
    rows.put("aten.clamp_max", at -> ElementRows.clamp(at, "min", "max"));
    rows.put("aten.addcmul", at -> ElementRows.addCombined(at, "Mul"));
    rows.put("aten.addcdiv", at -> ElementRows.addCombined(at, "Div"));
    rows.put("aten.to", ElementRows::to);
    rows.put("aten.type_as", ElementRows::to);
    rows.put("aten._to_copy", ElementRows::to);
    rows.put("dim_order_ops._to_dim_order_copy", ElementRows::to);
  }

  private static void comparisons(Map<String, Consumer<AtenCall>> rows) {
    rows.put("aten.eq", at -> ElementRows.compare(at, "Equal", false));
    rows.put("aten.ne", at -> ElementRows.compare(at, "Equal", true));
    rows.put("aten.lt", at -> ElementRows.compare(at, "Less", false));
    rows.put("aten.le", at -> ElementRows.compare(at, "LessOrEqual", false));
    rows.put("aten.gt", at -> ElementRows.compare(at, "Greater", false));
    rows.put("aten.ge", at -> ElementRows.compare(at, "GreaterOrEqual", false));
    rows.put("aten.logical_and", at -> ElementRows.logical(at, "And"));
    rows.put("aten.logical_or", at -> ElementRows.logical(at, "Or"));
    rows.put("aten.logical_xor", at -> ElementRows.logical(at, "Xor"));
    rows.put("aten.logical_not", at -> ElementRows.not(at, false));
    rows.put("aten.bitwise_and", at -> ElementRows.bitwise(at, "And"));
    rows.put("aten.bitwise_or", at -> ElementRows.bitwise(at, "Or"));
    rows.put("aten.bitwise_xor", at -> ElementRows.bitwise(at, "Xor"));
    rows.put("aten.bitwise_not", at -> ElementRows.not(at, true));
    rows.put("aten.isinf", at -> ElementRows.test(at, "IsInf"));
    rows.put("aten.isnan", at -> ElementRows.test(at, "IsNaN"));
    rows.put("aten.where", ElementRows::where);
    rows.put("aten.masked_fill", ElementRows::maskedFill);
  }

  private static void shapes(Map<String, Consumer<AtenCall>> rows) {
    rows.put("aten.view", at -> MoveRows.reshape(at, "size"));
    rows.put("aten._unsafe_view", at -> MoveRows.reshape(at, "size"));
    rows.put("aten.reshape", at -> MoveRows.reshape(at, "shape"));
    rows.put("aten.flatten", at -> MoveRows.reshape(at, "start_dim", "end_dim"));
    rows.put("aten.unflatten", at -> MoveRows.reshape(at, "dim", "sizes"));
    rows.put("aten.squeeze", at -> MoveRows.reshape(at, "dim"));
    rows.put("aten.unsqueeze", at -> MoveRows.reshape(at, "dim"));
    rows.put("aten.view_as", at -> MoveRows.reshape(at, "other"));
    rows.put("aten.permute", MoveRows::permute);
    rows.put(
        "aten.transpose", at -> MoveRows.transpose(at, at.integer("dim0"), at.integer("dim1")));
    rows.put(
        "aten.swapaxes", at -> MoveRows.transpose(at, at.integer("axis0"), at.integer("axis1")));
    rows.put("aten.swapdims", at -> MoveRows.transpose(at, at.integer("dim0"), at.integer("dim1")));
    rows.put("aten.movedim", MoveRows::moveAxes);
    rows.put("aten.moveaxis", MoveRows::moveAxes);
    rows.put("aten.t", at -> MoveRows.transpose(at, 0, -1));
    rows.put("aten.mT", at -> MoveRows.transpose(at, -2, -1));
    rows.put("aten.expand", MoveRows::expand);
    rows.put("aten.expand_as", MoveRows::expand);
    rows.put("aten.broadcast_to", MoveRows::expand);
  }

  private static void moves(Map<String, Consumer<AtenCall>> rows) {
    rows.put("aten.repeat", at -> MoveRows.repeat(at, "repeats"));
    rows.put("aten.repeat_interleave", MoveRows::repeatEach);
    rows.put("aten.slice_scatter", MoveRows::sliceScatter);
    rows.put("aten.copy", MoveRows::copy);
    rows.put("aten.one_hot", MoveRows::oneHot);
    rows.put("aten.tile", at -> MoveRows.repeat(at, "dims"));
    rows.put("aten.cat", MoveRows::concat);
    rows.put("aten.concat", MoveRows::concat);
    rows.put("aten.stack", MoveRows::stack);
    for (String name : List.of("split", "split_with_sizes", "chunk", "tensor_split")) {
      rows.put("aten." + name, MoveRows::split);
    }
    rows.put("aten.unbind", MoveRows::unbind);
    rows.put("aten.select", MoveRows::select);
    rows.put("aten.slice", MoveRows::slice);
    rows.put("aten.narrow", MoveRows::narrow);
    rows.put("aten.flip", MoveRows::flip);
    rows.put("aten.roll", MoveRows::roll);
    rows.put("aten.index", MoveRows::index);
    rows.put("aten.index_select", at -> MoveRows.gather(at, "self", "index", "dim", false));
    rows.put("aten.gather", at -> MoveRows.gather(at, "self", "index", "dim", true));
    rows.put("aten.embedding", at -> MoveRows.gather(at, "weight", "indices", "", false));
    rows.put("aten.pad", at -> MoveRows.pad(at, "pad", "constant"));
    rows.put("aten.constant_pad_nd", at -> MoveRows.pad(at, "pad", "constant"));
    for (int axes = 1; axes <= 2; axes++) {
      rows.put("aten.reflection_pad" + axes + "d", at -> MoveRows.pad(at, "padding", "reflect"));
      rows.put("aten.replication_pad" + axes + "d", at -> MoveRows.pad(at, "padding", "replicate"));
    }
    rows.put("aten.tril", at -> MoveRows.triangle(at, false));
    rows.put("aten.triu", at -> MoveRows.triangle(at, true));
  }

  private static void reductions(Map<String, Consumer<AtenCall>> rows) {
    rows.put("aten.mean", at -> ReduceRows.reduce(at, "ReduceMean"));
    rows.put("aten.sum", at -> ReduceRows.reduce(at, "ReduceSum"));
    rows.put("aten.prod", at -> ReduceRows.reduce(at, "ReduceProd"));
    rows.put("aten.amax", at -> ReduceRows.reduce(at, "ReduceMax"));
    rows.put("aten.amin", at -> ReduceRows.reduce(at, "ReduceMin"));
    rows.put("aten.logsumexp", at -> ReduceRows.reduce(at, "ReduceLogSumExp"));
    rows.put("aten.max", at -> ReduceRows.extreme(at, "Max"));
    rows.put("aten.min", at -> ReduceRows.extreme(at, "Min"));
    rows.put("aten.any", at -> ReduceRows.truth(at, "ReduceMax"));
    rows.put("aten.all", at -> ReduceRows.truth(at, "ReduceMin"));
    rows.put("aten.argmax", at -> ReduceRows.position(at, "ArgMax"));
    rows.put("aten.argmin", at -> ReduceRows.position(at, "ArgMin"));
    rows.put("aten.var", at -> ReduceRows.variance(at, false, false));
    rows.put("aten.std", at -> ReduceRows.variance(at, true, false));
    rows.put("aten.var_mean", at -> ReduceRows.variance(at, false, true));
    rows.put("aten.std_mean", at -> ReduceRows.variance(at, true, true));
    rows.put("aten.linalg_vector_norm", at -> ReduceRows.norm(at, "ord"));
    rows.put("aten.norm", at -> ReduceRows.norm(at, "p"));
    rows.put("aten.cumsum", ReduceRows::cumulative);
    rows.put("aten.topk", ReduceRows::topK);
    constants(rows);
  }

  private static void constants(Map<String, Consumer<AtenCall>> rows) {
    for (String name : List.of("zeros", "zeros_like", "new_zeros", "empty", "empty_like")) {
      rows.put("aten." + name, at -> ReduceRows.filled(at, 0));
    }
    for (String name : List.of("ones", "ones_like", "new_ones")) {
      rows.put("aten." + name, at -> ReduceRows.filled(at, 1));
    }
    for (String name : List.of("full", "full_like", "new_full", "scalar_tensor")) {
      rows.put("aten." + name, at -> ReduceRows.filled(at, 0));
    }
    rows.put("aten.arange", ReduceRows::range);
  }

  private static void quantised(Map<String, Consumer<AtenCall>> rows) {
    String domain = "quantized_decomposed.";
    rows.put("aten.fake_quantize_per_tensor_affine", QuantRows::fakePerTensor);
    rows.put("aten.fake_quantize_per_channel_affine", QuantRows::fakePerChannel);
    rows.put(domain + "quantize_per_tensor", at -> QuantRows.perTensor(at, true));
    rows.put(domain + "dequantize_per_tensor", at -> QuantRows.perTensor(at, false));
    rows.put(domain + "quantize_per_channel", at -> QuantRows.perChannel(at, true));
    rows.put(domain + "dequantize_per_channel", at -> QuantRows.perChannel(at, false));
  }
}
