package dev.thimble.importer.pytorch;

import dev.thimble.importer.pytorch.archive.Extent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import java.util.regex.Pattern;

/**
 * The numbers behind the symbols of a network that was exported for any size. Expressions are those
 * that PyTorch prints: sums, products, whole quotients and a few functions.
 */
final class Symbols {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*");
  private static final int MAX_DEPTH = 64;

  private final Map<String, Long> numbers = new HashMap<>();

  static boolean isName(String expression) {
    return NAME.matcher(expression).matches();
  }

  boolean knows(String name) {
    return numbers.containsKey(name);
  }

  void bind(String name, long number) {
    numbers.put(name, number);
  }

  /** The number; throws {@link UnsupportedCall} for an expression that is not understood. */
  long of(Extent extent) {
    return extent.value().orElseGet(() -> new Parser(extent.expression()).whole());
  }

  /** Reads one expression by recursive descent. */
  private final class Parser {
    private final String text;
    private int at;
    private int depth;

    Parser(String text) {
      this.text = text.replace(" ", "");
    }

    long whole() {
      long value = sum();
      if (at < text.length()) {
        throw unknown();
      }
      return value;
    }

    private UnsupportedCall unknown() {
      return new UnsupportedCall("the extent " + text, "sums, products and whole quotients");
    }

    private long sum() {
      if (++depth > MAX_DEPTH) {
        throw unknown();
      }
      long value = product();
      while (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        boolean plus = text.charAt(at++) == '+';
        long next = product();
        value = plus ? Math.addExact(value, next) : Math.subtractExact(value, next);
      }
      depth--;
      return value;
    }

    private long product() {
      long value = power();
      while (at < text.length() && (text.charAt(at) == '*' || text.charAt(at) == '/')) {
        boolean times = text.charAt(at++) == '*';
        boolean floor = !times && skip("/");
        long next = power();
        if (times) {
          value = Math.multiplyExact(value, next);
        } else {
          value = quotient(value, next, floor);
        }
      }
      return value;
    }

    private long quotient(long a, long b, boolean floor) {
      if (b == 0 || (!floor && a % b != 0)) {
        throw unknown();
      }
      return Math.floorDiv(a, b);
    }

    private long power() {
      long base = factor();
      return skip("**") ? power(base, factor()) : base;
    }

    private long power(long base, long exponent) {
      long value = 1;
      if (exponent < 0 || exponent > 8) {
        throw unknown();
      }
      for (int i = 0; i < exponent; i++) {
        value = Math.multiplyExact(value, base);
      }
      return value;
    }

    private long factor() {
      if (skip("-")) {
        return -power();
      }
      if (skip("(")) {
        long value = sum();
        require(")");
        return value;
      }
      int start = at;
      while (at < text.length()
          && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
        at++;
      }
      String word = text.substring(start, at);
      if (!word.isEmpty() && word.chars().allMatch(Character::isDigit) && word.length() < 18) {
        return Long.parseLong(word);
      }
      return skip("(") ? function(word) : name(word);
    }

    private long name(String word) {
      Long number = numbers.get(word);
      if (number == null) {
        throw unknown();
      }
      return number;
    }

    private long function(String name) {
      List<Long> arguments = new ArrayList<>();
      do {
        arguments.add(sum());
      } while (skip(","));
      require(")");
      long first = arguments.getFirst();
      boolean single = arguments.size() == 1;
      if (single && List.of("floor", "ceiling", "TruncToInt", "Integer").contains(name)) {
        return first;
      }
      if (arguments.size() < 2) {
        throw unknown();
      }
      LongBinaryOperator function = pairwise(name, arguments.size() == 2);
      return arguments.stream().skip(1).reduce(first, function::applyAsLong);
    }

    private LongBinaryOperator pairwise(String name, boolean two) {
      return switch (name) {
        case "Add" -> Math::addExact;
        case "Mul" -> Math::multiplyExact;
        case "Max" -> Math::max;
        case "Min" -> Math::min;
        case String only when !two -> throw unknown();
        case "FloorDiv" -> (a, b) -> quotient(a, b, true);
        case "CleanDiv", "IntTrueDiv" -> (a, b) -> quotient(a, b, false);
        case "Mod", "PythonMod" -> (a, b) -> b == 0 ? quotient(a, b, true) : Math.floorMod(a, b);
        case "Pow" -> this::power;
        default -> throw unknown();
      };
    }

    private boolean skip(String word) {
      boolean found = text.startsWith(word, at);
      at += found ? word.length() : 0;
      return found;
    }

    private void require(String word) {
      if (!skip(word)) {
        throw unknown();
      }
    }
  }
}
