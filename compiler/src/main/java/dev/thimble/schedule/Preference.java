package dev.thimble.schedule;

import java.util.Locale;

/** What to save first where a choice is left. */
public enum Preference {
  BALANCED,
  SPEED,
  RAM,
  FLASH;

  /** The name on the command line, such as {@code ram}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
