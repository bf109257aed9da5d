package dev.thimble.importer.pytorch.archive;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads arguments, which the file writes as unions. Source: {@code Argument} in schema.py. */
final class ArgumentReader {
  private static final Pattern SYMBOL =
      Pattern.compile("Symbol\\('([A-Za-z_][A-Za-z_0-9]{0,60})'[A-Za-z_=, ]{0,200}\\)");

  private ArgumentReader() {}

  static Argument read(JsonAt json) {
    Map.Entry<String, JsonAt> union = json.only();
    JsonAt at = union.getValue();
    return switch (union.getKey()) {
      case "as_none" -> new Argument.None();
      case "as_tensor" -> new Argument.Tensor(name(at));
      case "as_tensors" ->
          new Argument.Tensors(at.items().stream().map(item -> Optional.of(name(item))).toList());
      case "as_optional_tensors" ->
          new Argument.Tensors(at.items().stream().map(ArgumentReader::optionalName).toList());
      case "as_optional_tensor" ->
          optionalName(at).<Argument>map(Argument.Tensor::new).orElseGet(Argument.None::new);
      case "as_int" -> new Argument.Int(at.integer());
      case "as_ints" ->
          new Argument.Ints(
              at.items().stream().<Argument>map(i -> new Argument.Int(i.integer())).toList());
      case "as_sym_int" -> symbol(at);
      case "as_sym_ints" ->
          new Argument.Ints(at.items().stream().map(ArgumentReader::symbol).toList());
      case "as_float" -> new Argument.Real(at.real());
      case "as_floats" -> new Argument.Reals(at.items().stream().map(JsonAt::real).toList());
      case "as_bool" -> new Argument.Truth(at.truth());
      case "as_bools" -> new Argument.Truths(at.items().stream().map(JsonAt::truth).toList());
      case "as_string" -> new Argument.Text(at.text());
      case "as_scalar_type" -> new Argument.Kind(at.integer());
      case "as_memory_format", "as_layout", "as_device" -> new Argument.Placement();
      default -> new Argument.Other(Source.quoted(union.getKey()).replace("'", ""));
    };
  }

  /** The name in an object that has one. */
  static String name(JsonAt json) {
    String name = json.get("name").text();
    if (name.isEmpty()) {
      throw json.malformed("has an empty name");
    }
    return name;
  }

  private static Optional<String> optionalName(JsonAt json) {
    Map.Entry<String, JsonAt> union = json.only();
    return switch (union.getKey()) {
      case "as_tensor" -> Optional.of(name(union.getValue()));
      case "as_none" -> Optional.empty();
      default -> throw json.malformed("is neither a tensor nor None");
    };
  }

  private static Argument symbol(JsonAt json) {
    Map.Entry<String, JsonAt> union = json.only();
    return switch (union.getKey()) {
      case "as_int" -> new Argument.Int(union.getValue().integer());
      case "as_name" -> new Argument.Symbol(union.getValue().text());
      default -> throw json.malformed("is neither an integer nor the name of one");
    };
  }

  /** A number, or an expression of symbols. */
  static Extent extent(JsonAt json) {
    Map.Entry<String, JsonAt> union = json.only();
    return switch (union.getKey()) {
      case "as_int" -> Extent.of(union.getValue().integer());
      case "as_expr" ->
          new Extent(OptionalLong.empty(), plain(union.getValue().get("expr_str").text()));
      default -> throw json.malformed("is no extent");
    };
  }

  /** An expression in which symbols stand by their names, whatever is assumed of them. */
  private static String plain(String expression) {
    return SYMBOL.matcher(expression.strip()).replaceAll("$1");
  }

  /** Extents that must be numbers, such as those of weights. */
  static List<Long> numbers(JsonAt json) {
    return json.items().stream()
        .map(item ->
            extent(item)
                .value()
                .orElseThrow(() -> item.malformed("is an expression, where data have numbers")))
        .toList();
  }
}
