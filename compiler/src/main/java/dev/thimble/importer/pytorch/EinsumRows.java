package dev.thimble.importer.pytorch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sums over products, as einsum spells them: of one tensor, or of two. Axes are letters; those that
 * the result has not are summed over.
 */
final class EinsumRows {
  private static final String SUPPORTED =
      "one or two tensors, each letter once in each, and an equation with its result";

  private final AtenCall at;
  private final Map<Character, Long> extents = new LinkedHashMap<>();

  /** A tensor of the translated graph with a letter for each of its axes. */
  private record Lettered(String x, List<Character> axes) {}

  private EinsumRows(AtenCall at) {
    this.at = at;
  }

  static void einsum(AtenCall at) {
    at.ignore("path");
    new EinsumRows(at).emit(at.text("equation", "").replace(" ", ""), at.values("tensors"));
  }

  private void emit(String equation, List<String> values) {
    int arrow = equation.indexOf("->");
    String[] terms = equation.substring(0, Math.max(arrow, 0)).split(",", -1);
    if (arrow < 0 || terms.length != values.size() || values.size() > 2) {
      throw unknown(equation);
    }
    List<Lettered> operands = new ArrayList<>();
    for (int i = 0; i < terms.length; i++) {
      operands.add(operand(equation, terms[i], values.get(i)));
    }
    List<Character> result = letters(equation, equation.substring(arrow + 2));
    if (!extents.keySet().containsAll(result)) {
      throw unknown(equation);
    }
    operands.replaceAll(operand -> summed(operand, operands, result));
    Lettered product =
        operands.size() == 1 ? operands.getFirst() : product(operands, Set.copyOf(result));
    at.emit("Transpose", List.of(product.x()), Attribute.of("perm", order(product.axes(), result)));
  }

  private UnsupportedCall unknown(String equation) {
    return at.unsupported("the equation " + equation, SUPPORTED);
  }

  private List<Character> letters(String equation, String term) {
    List<Character> letters = new ArrayList<>();
    term.chars().forEach(letter -> letters.add((char) letter));
    boolean known = letters.stream().allMatch(Character::isLetter);
    if (!known || Set.copyOf(letters).size() != letters.size()) {
      throw unknown(equation);
    }
    return letters;
  }

  private Lettered operand(String equation, String term, String value) {
    List<Character> axes = letters(equation, term);
    List<Long> dims = at.translation().dims(value);
    if (axes.size() != dims.size()) {
      throw unknown(equation);
    }
    for (int i = 0; i < axes.size(); i++) {
      Long known = extents.putIfAbsent(axes.get(i), dims.get(i));
      if (known != null && !known.equals(dims.get(i))) {
        // One of them is 1, and would be repeated.
        throw unknown(equation);
      }
    }
    return new Lettered(at.translation().read(value), axes);
  }

  /** The operand without the axes that neither the result nor another operand has. */
  private Lettered summed(Lettered operand, List<Lettered> operands, List<Character> result) {
    List<Long> gone = new ArrayList<>();
    List<Character> left = new ArrayList<>();
    for (int i = 0; i < operand.axes().size(); i++) {
      char axis = operand.axes().get(i);
      boolean elsewhere =
          operands.stream().anyMatch(other -> other != operand && other.axes().contains(axis));
      if (elsewhere || result.contains(axis)) {
        left.add(axis);
      } else {
        gone.add((long) i);
      }
    }
    return gone.isEmpty()
        ? operand
        : new Lettered(
            at.step(
                "ReduceSum", List.of(operand.x(), at.longs(gone)), Attribute.of("keepdims", false)),
            left);
  }

  private Lettered product(List<Lettered> operands, Set<Character> result) {
    // A constant is a filter if it stands second.
    boolean turned =
        at.translation().isConstant(operands.get(0).x())
            && !at.translation().isConstant(operands.get(1).x());
    Lettered a = operands.get(turned ? 1 : 0);
    Lettered b = operands.get(turned ? 0 : 1);
    List<Character> shared = new ArrayList<>(a.axes());
    shared.retainAll(b.axes());
    List<Character> stacked = new ArrayList<>(shared);
    stacked.retainAll(result);
    List<Character> summed = new ArrayList<>(shared);
    summed.removeAll(stacked);
    List<Character> rows = new ArrayList<>(a.axes());
    rows.removeAll(shared);
    List<Character> columns = new ArrayList<>(b.axes());
    columns.removeAll(shared);
    return summed.isEmpty()
        ? multiplied(a, b, stacked, rows, columns)
        : contracted(a, b, stacked, summed, rows, columns);
  }

  /** Every element of one with every element of the other, where no axis is summed over. */
  private Lettered multiplied(
      Lettered a,
      Lettered b,
      List<Character> stacked,
      List<Character> rows,
      List<Character> columns) {
    List<Long> left = dims(stacked, rows);
    left.addAll(Collections.nCopies(columns.size(), 1L));
    List<Long> right = dims(stacked, List.of());
    right.addAll(Collections.nCopies(rows.size(), 1L));
    right.addAll(dims(columns, List.of()));
    String x = reshaped(ordered(a, joined(stacked, rows)), left);
    String y = reshaped(ordered(b, joined(stacked, columns)), right);
    return new Lettered(at.step("Mul", List.of(x, y)), joined(stacked, joined(rows, columns)));
  }

  /** A product of matrices, or of as many pairs of them as the stacked axes have places. */
  private Lettered contracted(
      Lettered a,
      Lettered b,
      List<Character> stacked,
      List<Character> summed,
      List<Character> rows,
      List<Character> columns) {
    long depth = size(summed);
    boolean single = stacked.isEmpty();
    // Of a single pair the rows keep their axes, as a dense layer's do.
    List<Long> left = single ? dims(rows, List.of()) : dims(stacked, List.of());
    if (!single) {
      left.add(size(rows));
    }
    left.add(depth);
    List<Long> right = dims(stacked, List.of());
    right.add(depth);
    right.add(size(columns));
    String x = reshaped(ordered(a, joined(joined(stacked, rows), summed)), left);
    String y = reshaped(ordered(b, joined(joined(stacked, summed), columns)), right);
    List<Character> axes = joined(joined(stacked, rows), columns);
    return new Lettered(reshaped(at.step("MatMul", List.of(x, y)), dims(axes, List.of())), axes);
  }

  private String ordered(Lettered operand, List<Character> axes) {
    return operand.axes().equals(axes)
        ? operand.x()
        : at.step(
            "Transpose", List.of(operand.x()), Attribute.of("perm", order(operand.axes(), axes)));
  }

  private static List<Long> order(List<Character> from, List<Character> to) {
    return to.stream().map(axis -> (long) from.indexOf(axis)).toList();
  }

  private String reshaped(String x, List<Long> dims) {
    return at.step("Reshape", List.of(x, at.longs(dims)));
  }

  private static List<Character> joined(List<Character> a, List<Character> b) {
    Set<Character> all = new LinkedHashSet<>(a);
    all.addAll(b);
    return List.copyOf(all);
  }

  private List<Long> dims(List<Character> a, List<Character> b) {
    List<Long> dims = new ArrayList<>();
    joined(a, b).forEach(axis -> dims.add(extents.getOrDefault(axis, 1L)));
    return dims;
  }

  private long size(List<Character> axes) {
    return dims(axes, List.of()).stream().reduce(1L, Math::multiplyExact);
  }
}
