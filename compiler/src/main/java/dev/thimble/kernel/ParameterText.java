package dev.thimble.kernel;

import java.util.List;
import java.util.function.Function;

/** The C text of parameter structures and constant tables. */
public final class ParameterText {
  private static final int LINE = 100;

  private ParameterText() {}

  /**
   * The initialiser of a parameter structure: a field a line, each followed by its name as a
   * comment. Fields named {@code outer.field} stand in braces of their own, as those of a structure
   * within the structure, and {@code outer.inner.field} within those.
   *
   * @param fractions whether structures have a field for fractions of biases, as they have in
   *     programs where some node's biases have some
   * @param tableName the name that a table was defined by
   */
  public static String initializer(
      List<Parameter> parameters, Function<Parameter.Table, String> tableName, boolean fractions) {
    StringBuilder text = new StringBuilder("{\n");
    List<String> open = List.of();
    for (Parameter parameter : parameters) {
      if (!fractions && FilterParameters.isFraction(parameter)) {
        continue;
      }
      List<String> path = List.of(parameter.field().split("\\."));
      List<String> outer = path.subList(0, path.size() - 1);
      enter(text, open, outer);
      open = outer;
      String value =
          switch (parameter) {
            case Parameter.Scalar scalar -> scalar.literal();
            case Parameter.Table table -> tableName.apply(table);
          };
      text.append(indent(open.size() + 1)).append(value).append(", /* ");
      text.append(path.getLast()).append(" */\n");
    }
    enter(text, open, List.of());
    return text.append("}").toString();
  }

  /** What programs define in which structures have a field for fractions of biases. */
  public static final String FRACTIONS = "THIMBLE_BIAS_FRACTIONS";

  /** Whether a kernel's biases have fractions. */
  public static boolean hasFractions(List<Parameter> parameters) {
    return FilterParameters.hasFractions(parameters);
  }

  /** Closes and opens braces, from within one structure to within another. */
  private static void enter(StringBuilder text, List<String> from, List<String> to) {
    int common = 0;
    while (common < Math.min(from.size(), to.size()) && from.get(common).equals(to.get(common))) {
      common++;
    }
    for (int depth = from.size(); depth > common; depth--) {
      text.append(indent(depth)).append("},\n");
    }
    for (int depth = common; depth < to.size(); depth++) {
      text.append(indent(depth + 1)).append("{ /* ").append(to.get(depth)).append(" */\n");
    }
  }

  private static String indent(int depth) {
    return "  ".repeat(depth);
  }

  /** What stands before a table's initialiser: {@code const int8_t NAME[N]}. */
  public static String declaration(String name, Parameter.Table table) {
    return "const " + table.dtype().cName() + " " + name + "[" + table.length() + "]";
  }

  /** A table's definition, {@code const int8_t NAME[N] = {…};}, without a storage class. */
  public static String definition(String name, Parameter.Table table) {
    StringBuilder text = new StringBuilder(declaration(name, table)).append(" = {\n");
    int column = 0;
    for (int i = 0; i < table.length(); i++) {
      String literal = table.literal(i);
      if (column > 0 && column + literal.length() + 2 > LINE) {
        text.append('\n');
        column = 0;
      }
      text.append(column == 0 ? "  " : " ").append(literal).append(',');
      column += literal.length() + (column == 0 ? 3 : 2);
    }
    return text.append("\n};\n").toString();
  }
}
