package dev.thimble.kernel.cost;

import dev.thimble.kernel.Kernel;
import dev.thimble.target.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An estimate of the cycles that kernels take on a target, with memory that never makes the core
 * wait. Kernels of an instruction set say it themselves; of portable ones a table has the cycles of
 * each {@link Unit} of work.
 *
 * <p>A table is the resource {@code costs/<target>.txt}: a line {@code basis: TEXT}, which says
 * what the figures are from, and then a line for each kernel function, {@code FUNCTION unit=cycles
 * unit=cycles}. The functions {@code other_s8} and {@code other_f32} stand for those without a line
 * of their own. In place of such lines, {@code like: TARGET FACTOR} takes another target's. A line
 * {@code own: FACTOR} is for a core that is not the one by which kernels reckon: it takes so many
 * times the cycles that they say.
 */
public final class CostModel {
  private final String basis;
  private final Map<String, Map<Unit, Double>> functions;
  private final double factor;
  private final double own;

  private CostModel(
      String basis, Map<String, Map<Unit, Double>> functions, double factor, double own) {
    this.basis = basis;
    this.functions = functions;
    this.factor = factor;
    this.own = own;
  }

  /** The model of a target; nothing where the target is none in particular. */
  public static Optional<CostModel> of(Target target) {
    String path = "/costs/" + target.text() + ".txt";
    try (InputStream in = CostModel.class.getResourceAsStream(path)) {
      return in == null
          ? Optional.empty()
          : Optional.of(parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a table. Throws {@link IllegalArgumentException} for lines that are none. */
  static CostModel parse(String text) {
    String basis = "";
    Map<String, Map<Unit, Double>> functions = new HashMap<>();
    double factor = 1;
    double own = 1;
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.startsWith("basis: ")) {
        basis = line.substring("basis: ".length());
      } else if (line.startsWith("own: ")) {
        own = Double.parseDouble(line.substring("own: ".length()));
      } else if (line.startsWith("like: ")) {
        List<String> words = List.of(line.split(" "));
        CostModel other = of(Target.ofText(words.get(1))).orElseThrow();
        functions.putAll(other.functions);
        basis += " (" + other.basis + ")";
        factor = Double.parseDouble(words.get(2)) * other.factor;
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        List<String> words = List.of(line.split(" +"));
        functions.put(words.getFirst(), cycles(words.subList(1, words.size())));
      }
    }
    if (basis.isEmpty() || functions.isEmpty()) {
      throw new IllegalArgumentException("a table of costs without basis or without figures");
    }
    return new CostModel(basis, functions, factor, own);
  }

  private static Map<Unit, Double> cycles(List<String> words) {
    Map<Unit, Double> cycles = new EnumMap<>(Unit.class);
    for (String word : words) {
      int equals = word.indexOf('=');
      Unit unit = Unit.valueOf(word.substring(0, equals).toUpperCase(Locale.ROOT));
      cycles.put(unit, Double.parseDouble(word.substring(equals + 1)));
    }
    return cycles;
  }

  /** What the figures are from. */
  public String basis() {
    return basis;
  }

  /** The cycles of one inference in a kernel that does this work. */
  public long cycles(Kernel kernel, Work work) {
    return kernel.cycles().isPresent()
        ? Math.round(kernel.cycles().getAsLong() * own)
        : cycles(kernel.function(), work);
  }

  private long cycles(String function, Work work) {
    String other = function.contains("f32") ? "other_f32" : "other_s8";
    Map<Unit, Double> costs =
        functions.getOrDefault(function, functions.getOrDefault(other, Map.of()));
    double sum = 0;
    for (Map.Entry<Unit, Double> cost : costs.entrySet()) {
      sum += cost.getValue() * work.count(cost.getKey());
    }
    return Math.round(sum * factor);
  }
}
