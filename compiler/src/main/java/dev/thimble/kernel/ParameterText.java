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
   * within the structure.
   *
   * @param tableName the name that a table was defined by
   */
  public static String initializer(
      List<Parameter> parameters, Function<Parameter.Table, String> tableName) {
    StringBuilder text = new StringBuilder("{\n");
    String open = "";
    for (Parameter parameter : parameters) {
      int dot = parameter.field().indexOf('.');
      String outer = parameter.field().substring(0, Math.max(dot, 0));
      if (!outer.equals(open)) {
        text.append(open.isEmpty() ? "" : "  },\n");
        text.append(outer.isEmpty() ? "" : "  { /* " + outer + " */\n");
        open = outer;
      }
      String value =
          switch (parameter) {
            case Parameter.Scalar scalar -> scalar.literal();
            case Parameter.Table table -> tableName.apply(table);
          };
      text.append(open.isEmpty() ? "  " : "    ").append(value).append(", /* ");
      text.append(parameter.field().substring(dot + 1)).append(" */\n");
    }
    return text.append(open.isEmpty() ? "}" : "  },\n}").toString();
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
