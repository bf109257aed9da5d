package dev.thimble.cli;

import dev.thimble.quant.NodeLoss;
import dev.thimble.quant.QuantizationLoss;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints where quantisation loses what, worst first. */
final class LossText {
  /** Of so many nodes the cause is told in full. */
  private static final int EXPLAINED = 5;

  private static final int NAME = 60;

  private LossText() {}

  static void print(PrintStream to, QuantizationLoss loss) {
    to.printf(
        Locale.ROOT,
        "over %d sample%s the outputs' signal-to-noise ratio against float is %s%n",
        loss.samples(),
        loss.samples() == 1 ? "" : "s",
        decibels(loss.outputSnrDb()));
    to.printf(
        Locale.ROOT,
        "%9s %9s %9s %9s %10s  %-25s %-16s %s%n",
        "outputs",
        "alone",
        "accum.",
        "clipped",
        "scale",
        "range",
        "cause",
        "node");
    for (NodeLoss node : loss.nodes()) {
      to.printf(
          Locale.ROOT,
          "%9s %9s %9s %8.2f%% %10.4g  %-25s %-16s %s (%s, %s)%n",
          decibels(node.outputSnrDb()),
          decibels(node.snrDb()),
          decibels(node.accumulatedSnrDb()),
          100 * node.clipped(),
          node.scale(),
          String.format(Locale.ROOT, "%.4g to %.4g", node.low(), node.high()),
          node.cause(),
          shortened(node.node()),
          node.op(),
          node.dtype());
    }
    to.println("worst first, by what quantising this node alone costs the outputs:");
    loss.nodes().stream()
        .limit(EXPLAINED)
        .forEach(node ->
            to.println(
                "  "
                    + shortened(node.node())
                    + ": "
                    + node.cause()
                    + "; "
                    + node.reason()
                    + (node.remedy().isEmpty() ? "" : " -> " + node.remedy())));
  }

  /** The end of a long name, of the first where converters have joined several. */
  private static String shortened(String name) {
    String first = name.split(";", 2)[0];
    return first.length() <= NAME ? first : "…" + first.substring(first.length() - NAME + 1);
  }

  private static String decibels(@Nullable Double ratio) {
    return ratio == null ? "no noise" : String.format(Locale.ROOT, "%.1f dB", ratio);
  }
}
