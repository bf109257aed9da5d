package dev.thimble.importer.onnx;

import dev.thimble.importer.layout.LaidOut;
import dev.thimble.op.Reduce;
import dev.thimble.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Sums of products by letters for axes, such as {@code bij,bjk->bik}: each pair of operands is
 * transposed and reshaped to stacks of matrices, multiplied, and reshaped again.
 */
final class EinsumImport {
  private final OnnxNode at;
  private final String output;

  /** A tensor with a letter for each axis of the source. */
  private record Term(LaidOut tensor, String letters) {
    int extent(char letter) {
      return tensor.shape().dim(letters.indexOf(letter));
    }
  }

  private EinsumImport(OnnxNode at, String output) {
    this.at = at;
    this.output = output;
  }

  static void einsum(OnnxNode at) {
    at.require(1, Integer.MAX_VALUE);
    String equation = at.attributes().text("equation", "").replace(" ", "");
    if (equation.contains(".")) {
      throw new UnsupportedNode(
          "an ellipsis in " + Source.quoted(equation), "letters for all axes");
    }
    if (!equation.matches("[a-zA-Z]*(,[a-zA-Z]*)*(->[a-zA-Z]*)?")) {
      throw at.malformed("has the equation " + Source.quoted(equation));
    }
    int arrow = equation.indexOf("->");
    String[] letters = (arrow < 0 ? equation : equation.substring(0, arrow)).split(",", -1);
    String output = arrow < 0 ? implied(letters) : equation.substring(arrow + 2);
    at.set(new EinsumImport(at, output).result(letters));
  }

  /** Without an arrow, the letters that stand once are the output's, in the alphabet's order. */
  private static String implied(String[] letters) {
    String all = String.join("", letters);
    return all.chars()
        .filter(letter -> all.indexOf(letter) == all.lastIndexOf(letter))
        .sorted()
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  private LaidOut result(String[] letters) {
    if (letters.length != at.inputs() || isRepeated(output)) {
      throw at.malformed("has an equation for other operands than " + at.describe());
    }
    List<Term> terms = new ArrayList<>();
    for (int i = 0; i < letters.length; i++) {
      terms.add(term(at.x(i), letters[i]));
    }
    Term product = summed(terms.getFirst(), needed(letters, 1));
    for (int i = 1; i < terms.size(); i++) {
      product = product(product, terms.get(i), needed(letters, i + 1));
    }
    if (!letters(product.letters()).equals(letters(output))) {
      throw at.malformed("has letters in its output, " + output + ", that no operand has");
    }
    return turned(product, output).tensor();
  }

  private Term term(LaidOut tensor, String letters) {
    if (letters.length() != tensor.rank()) {
      throw at.malformed("has the letters " + letters + " for an operand of " + tensor.shape());
    }
    if (isRepeated(letters) || !tensor.dtype().isFloat()) {
      throw new UnsupportedNode(
          "letters " + letters + ", " + at.describe(), "float32 without diagonals");
    }
    return new Term(tensor, letters);
  }

  private static boolean isRepeated(String letters) {
    return letters.chars().distinct().count() < letters.length();
  }

  private static TreeSet<Integer> letters(String text) {
    return text.chars().boxed().collect(Collectors.toCollection(TreeSet::new));
  }

  /** The letters that are read after the first so many operands. */
  private String needed(String[] letters, int from) {
    return output + String.join("", Arrays.copyOfRange(letters, from, letters.length));
  }

  /** The term without the axes that nothing needs. */
  private Term summed(Term term, String needed) {
    List<Integer> axes =
        IntStream.range(0, term.letters().length())
            .filter(axis -> needed.indexOf(term.letters().charAt(axis)) < 0)
            .boxed()
            .toList();
    if (axes.isEmpty()) {
      return term;
    }
    LaidOut sum =
        ReduceImport.reduced(at, at.name("sum"), Reduce.Function.SUM, term.tensor(), axes, false);
    return new Term(sum, kept(term.letters(), needed));
  }

  /** The letters of the first text that the second has. */
  private static String kept(String letters, String among) {
    return letters.replaceAll("[^" + (among.isEmpty() ? "0" : among) + "]", "");
  }

  private static String dropped(String letters, String among) {
    return among.isEmpty() ? letters : letters.replaceAll("[" + among + "]", "");
  }

  private Term product(Term first, Term second, String needed) {
    Term a = summed(first, needed + second.letters());
    Term b = summed(second, needed + first.letters());
    String shared = kept(a.letters(), b.letters());
    for (char letter : shared.toCharArray()) {
      if (a.extent(letter) != b.extent(letter)) {
        throw at.malformed("has several extents for the letter " + letter);
      }
    }
    String stack = kept(shared, needed);
    String inner = dropped(shared, needed);
    String rows = dropped(a.letters(), shared);
    String columns = dropped(b.letters(), shared);
    LaidOut left = matrices(a, stack, rows, inner);
    LaidOut right = matrices(b, stack, inner, columns);
    LaidOut product = MatrixImport.matMul(at, at.name("product"), left, right);
    List<Integer> dims = new ArrayList<>();
    (stack + rows).chars().forEach(letter -> dims.add(a.extent((char) letter)));
    columns.chars().forEach(letter -> dims.add(b.extent((char) letter)));
    LaidOut result = at.graph().reshape(at.name("axes"), product, at.shape(dims));
    return new Term(result, stack + rows + columns);
  }

  /** A term as a stack of matrices: [stack, rows, columns], each of the product of its letters. */
  private LaidOut matrices(Term term, String stack, String rows, String columns) {
    Term turned = turned(term, stack + rows + columns);
    Shape shape = Shape.of(count(term, stack), count(term, rows), count(term, columns));
    return at.graph().reshape(at.name("matrices"), turned.tensor(), shape);
  }

  private static int count(Term term, String letters) {
    return letters.chars().map(letter -> term.extent((char) letter)).reduce(1, Math::multiplyExact);
  }

  private static Term turned(Term term, String letters) {
    List<Integer> permutation =
        letters.chars().mapToObj(letter -> term.letters().indexOf(letter)).toList();
    return new Term(term.tensor().transposed(permutation), letters);
  }
}
