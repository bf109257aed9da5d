package dev.thimble.report.picture;

import dev.thimble.report.picture.ArenaPicture.Kind;
import java.util.List;

/**
 * Colours of the page. The fills are the light scheme of Paul Tol's <em>Colour schemes</em> (SRON
 * technical note 09-002), made to be told apart by colour-blind readers with black names on them.
 * Kinds other than activations have a colour and a hatching of their own.
 */
final class Paint {
  private static final List<String> FILLS =
      List.of(
          "#77AADD", "#EE8866", "#AAAA00", "#DDDDDD", "#EEDD88", "#FFAABB", "#99DDFF", "#44BB99",
          "#BBCC33");

  private static final List<Kind> HATCHED =
      List.of(Kind.INPUT, Kind.OUTPUT, Kind.STATE, Kind.SCRATCH);

  private Paint() {}

  /** The colours that a value may have, as numbers. */
  static List<Integer> colours(Kind kind) {
    return switch (kind) {
      case INPUT -> List.of(0);
      case OUTPUT -> List.of(1);
      case STATE -> List.of(2);
      case SCRATCH -> List.of(3);
      case ACTIVATION -> List.of(4, 5, 6, 7, 8);
    };
  }

  /** What fills an area: a colour, or a hatching that {@link #patterns} defines. */
  static String fill(int colour) {
    return colour < HATCHED.size()
        ? "url(#arena-" + HATCHED.get(colour).text() + ")"
        : FILLS.get(colour);
  }

  /** Writes the hatchings. */
  static void patterns(Markup svg) {
    List<String> strokes =
        List.of("M-2 2l4 -4M0 8l8 -8M6 10l4 -4", "M-2 6l4 4M0 0l8 8M6 -2l4 4", "M0 4h8M4 0v8", "");
    svg.open("defs");
    for (int i = 0; i < HATCHED.size(); i++) {
      svg.open(
          "pattern",
          "id",
          "arena-" + HATCHED.get(i).text(),
          "width",
          8,
          "height",
          8,
          "patternUnits",
          "userSpaceOnUse");
      svg.empty("rect", "width", 8, "height", 8, "fill", FILLS.get(i));
      if (strokes.get(i).isEmpty()) {
        svg.empty("circle", "cx", 4, "cy", 4, "r", 1.2, "fill", "#0007");
      } else {
        svg.empty("path", "d", strokes.get(i), "stroke", "#0004", "stroke-width", 1.2);
      }
      svg.close();
    }
    svg.close().line();
  }
}
