package dev.thimble;

/** No plan fits the memory that the options allow; the message says what would. */
public final class BudgetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BudgetException(String message) {
    super(message);
  }
}
