package dev.thimble.schedule;

/** A graph cannot be scheduled, or a plan is wrong; the message names the values or buffers. */
public final class ScheduleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ScheduleException(String message) {
    super(message);
  }
}
