package dev.thimble.target;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A processor that generated programs can be compiled for. */
public enum Target {
  /** Any C99 compiler; verified on the host. */
  PORTABLE("portable"),
  CORTEX_M0PLUS("cortex-m0plus", "m0plus", "m0+"),
  CORTEX_M3("cortex-m3", "m3"),
  CORTEX_M4("cortex-m4", "m4"),
  CORTEX_M7("cortex-m7", "m7"),
  CORTEX_M33("cortex-m33", "m33"),
  CORTEX_M55("cortex-m55", "m55"),
  RV32IMC("rv32imc"),
  RV32IMAC("rv32imac"),
  RV32GC("rv32gc"),
  RV64GC("rv64gc"),
  RV32GCV("rv32gcv"),
  RV64GCV("rv64gcv");

  private final String text;
  private final List<String> aliases;

  Target(String text, String... aliases) {
    this.text = text;
    this.aliases = List.of(aliases);
  }

  /** The name on the command line and in reports. */
  public String text() {
    return text;
  }

  /** Short names that are understood too. */
  public List<String> aliases() {
    return aliases;
  }

  /** The target of this name or short name. Throws {@link IllegalArgumentException} for others. */
  public static Target ofText(String text) {
    Optional<Target> found =
        Arrays.stream(values())
            .filter(target -> target.text.equals(text) || target.aliases.contains(text))
            .findFirst();
    return found.orElseThrow(() ->
        new IllegalArgumentException(
            "unknown target '"
                + text
                + "'; known are "
                + Arrays.stream(values()).map(Target::text).collect(Collectors.joining(", "))));
  }
}
