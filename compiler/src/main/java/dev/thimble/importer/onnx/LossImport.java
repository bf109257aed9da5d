package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.importer.layout.Order;
import dev.thimble.op.Binary;
import dev.thimble.op.Compare;
import dev.thimble.op.Gather;
import dev.thimble.op.LogSoftmax;
import dev.thimble.op.Reduce;
import dev.thimble.op.Unary;
import dev.thimble.op.Where;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Losses, which a network has where it was exported with its training's last node. */
final class LossImport {
  private LossImport() {}

  static void crossEntropy(OnnxNode at) {
    at.require(2, 3);
    LaidOut x = at.x(0);
    LaidOut logs =
        at.graph()
            .node(
                at.wants(1) ? at.name(1) : at.name("logarithms"),
                new LogSoftmax(x.axis(at.axis(1, x.rank()))),
                x.dtype(),
                x.order(),
                List.of(x.value()));
    at.set(1, logs);
    logLikelihood(at, logs);
  }

  static void negativeLogLikelihood(OnnxNode at) {
    at.require(2, 3);
    logLikelihood(at, at.x(0));
  }

  /** Minus the logarithm at each label, weighted by the label's class. */
  private static void logLikelihood(OnnxNode at, LaidOut logs) {
    Optional<Long> ignored = at.attributes().integer("ignore_index");
    String reduction = at.attributes().text("reduction", "mean");
    LaidOut labels = at.graph().plain(at.x(1));
    Optional<LaidOut> skipped =
        ignored.map(index -> compared(at, labels, at.name("ignored"), index));
    LaidOut known = skipped.map(skip -> chosen(at, "labels", skip, 0, labels)).orElse(labels);
    LaidOut picked = picked(at, logs, known);
    Optional<LaidOut> weights = weights(at, known, logs.dtype());
    if (skipped.isPresent()) {
      LaidOut all =
          weights.orElseGet(() -> ElementwiseImport.number(at, at.name("one"), logs.dtype(), 1));
      weights = Optional.of(chosen(at, "weights", skipped.get(), 0, all));
    }
    boolean none = reduction.equals("none");
    String name = none ? at.name() : at.name("loss");
    LaidOut loss =
        at.graph()
            .node(
                weights.isPresent() ? at.name("negative") : name,
                new Unary(Unary.Function.NEG),
                picked.dtype(),
                picked.order(),
                List.of(picked.value()));
    if (weights.isPresent()) {
      loss = ElementwiseImport.pair(at, name, Binary.Function.MUL, List.of(loss, weights.get()));
    }
    switch (reduction) {
      case "none" -> at.set(loss);
      case "sum" -> at.set(reduced(at, at.name(), Reduce.Function.SUM, loss));
      case "mean" -> at.set(mean(at, loss, weights));
      default -> throw at.malformed("has reduction " + Source.quoted(reduction));
    }
  }

  private static LaidOut compared(OnnxNode at, LaidOut labels, String name, long index) {
    LaidOut number = ElementwiseImport.number(at, name + "_label", labels.dtype(), index);
    return at.graph()
        .elementwise(
            name, new Compare(Compare.Function.EQUAL), DType.BOOL, List.of(labels, number));
  }

  /** A number where the condition holds, and the tensor elsewhere. */
  private static LaidOut chosen(
      OnnxNode at, String suffix, LaidOut condition, double number, LaidOut otherwise) {
    LaidOut constant =
        ElementwiseImport.number(at, at.name(suffix + "_0"), otherwise.dtype(), number);
    List<LaidOut> operands = List.of(condition, constant, otherwise);
    return at.graph().elementwise(at.name(suffix), new Where(), otherwise.dtype(), operands);
  }

  /** The element of axis 1 at each label. */
  private static LaidOut picked(OnnxNode at, LaidOut logs, LaidOut labels) {
    int[] dims = labels.shape().dims();
    int[] one = new int[dims.length + 1];
    for (int i = 0; i < one.length; i++) {
      one[i] = i == 1 ? 1 : dims[i == 0 ? 0 : i - 1];
    }
    LaidOut column = at.graph().reshape(at.name("column"), labels, Shape.of(one));
    LaidOut elements =
        IndexImport.elements(at, at.name("elements"), logs, column, at.axis(1, logs.rank()));
    return at.graph().plain(at.graph().reshape(at.name("picked"), elements, labels.shape()));
  }

  private static Optional<LaidOut> weights(OnnxNode at, LaidOut labels, DType dtype) {
    if (!at.has(2)) {
      return Optional.empty();
    }
    LaidOut weights = at.x(2);
    return Optional.of(
        at.graph()
            .node(
                at.name("class_weights"),
                new Gather(0),
                dtype,
                Order.source(labels.rank()),
                List.of(weights.value(), labels.value())));
  }

  private static LaidOut mean(OnnxNode at, LaidOut loss, Optional<LaidOut> weights) {
    if (weights.isEmpty()) {
      return reduced(at, at.name(), Reduce.Function.MEAN, loss);
    }
    LaidOut sum = reduced(at, at.name("sum"), Reduce.Function.SUM, loss);
    LaidOut total = reduced(at, at.name("total"), Reduce.Function.SUM, weights.get());
    return ElementwiseImport.pair(at, at.name(), Binary.Function.DIV, List.of(sum, total));
  }

  private static LaidOut reduced(OnnxNode at, String name, Reduce.Function function, LaidOut x) {
    List<Integer> axes = IntStream.range(0, x.rank()).boxed().toList();
    return ReduceImport.reduced(at, name, function, x, axes, false);
  }
}
