package dev.thimble.codegen;

import java.util.Locale;
import java.util.Set;

/** The name that all symbols of a generated program carry. */
public record CName(String lower) {
  private static final Set<String> RESERVED =
      Set.of(
          "alignas alignof and asm auto bool break case catch char class const continue default"
              .concat(" delete do double else enum extern false float for friend goto if inline")
              .concat(" int long main mutable namespace new not operator or private protected")
              .concat(" public register restrict return short signed sizeof static struct")
              .concat(" switch template this throw true try typedef typename union unsigned")
              .concat(" using virtual void volatile while xor thimble")
              // Beside the application's files, NAME.h would hide the C library's header.
              .concat(" assert complex ctype errno fenv inttypes iso646 limits locale math setjmp")
              .concat(" signal stdarg stdbool stddef stdint stdio stdlib string tgmath threads")
              .concat(" time uchar wchar wctype")
              .split(" "));

  /** Throws {@link IllegalArgumentException} unless the name can begin C identifiers. */
  public CName {
    if (!lower.matches("[a-z][a-z0-9_]{0,39}") || RESERVED.contains(lower)) {
      throw new IllegalArgumentException(
          "name '"
              + lower
              + "' cannot name C symbols: use at most 40 lower-case letters, digits and"
              + " underscores, a letter first, and no word of the C language or header of its"
              + " library");
    }
  }

  /** The name for a model: its letters and digits in lower case, everything else an underscore. */
  public static CName of(String model) {
    String name =
        model.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("^_+|_+$", "");
    if (!name.matches("[a-z].*") || RESERVED.contains(name)) {
      name = "model_" + name;
    }
    return new CName(name.substring(0, Math.min(40, name.length())));
  }

  /** The name for macros. */
  public String upper() {
    return lower.toUpperCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return lower;
  }
}
