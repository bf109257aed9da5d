package dev.thimble.schedule;

import java.util.Locale;

/** What to save first where a choice is left. */
public enum Preference {
  BALANCED,
  SPEED,
  RAM,
  FLASH;

  /** Whether the C compiler is asked for small code: where flash comes before time. */
  public boolean small() {
    return switch (this) {
      case FLASH -> true;
      case BALANCED, SPEED, RAM -> false;
    };
  }

  /** The name on the command line, such as {@code ram}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
