package dev.thimble.toolchain;

import dev.thimble.target.Board;
import java.util.Locale;
import java.util.Optional;

/**
 * What a profile means on a board: the time of an inference at the board's clock, and its energy
 * where the board's documents state what it takes.
 *
 * <p>Instructions are taken to come from the flash without waiting, since all of these boards have
 * a cache or prefetch them. Constants do wait: once for each piece of the flash's width that was
 * loaded, which is right for kernels that read their filters in order.
 *
 * @param latencyMs milliseconds
 * @param latencyBasis the model of the core, the clock, and what was assumed of the flash
 * @param energyUj microjoules
 * @param energyBasis the power that was measured, and on what
 */
public record BoardFigures(
    double latencyMs,
    String latencyBasis,
    Optional<Double> energyUj,
    Optional<String> energyBasis) {
  /** The width of a flash in bytes, the least that is usual. */
  private static final int FLASH_BYTES = 8;

  /** The figures; nothing when the core's timing is unknown. */
  public static Optional<BoardFigures> of(Profile profile, Board board) {
    return profile.cyclesBasis().map(basis -> of(profile, board, basis));
  }

  private static BoardFigures of(Profile profile, Board board, String basis) {
    int waits = board.flashWaitStates().orElse(0);
    long pieces =
        profile.regions().stream()
            .filter(region -> region.name().equals("flash"))
            .mapToLong(region -> region.loadBytes() / FLASH_BYTES)
            .sum();
    double latency = (profile.total().cycles() + pieces * waits) / (board.clockMhz() * 1000);
    String flash =
        board.flashWaitStates().isEmpty()
            ? "the flash's wait states are unknown and left out"
            : String.format(
                Locale.ROOT,
                "constants wait %d cycles for %d bytes of flash, instructions do not",
                waits,
                FLASH_BYTES);
    return new BoardFigures(
        latency,
        basis.replace("; no wait states", "")
            + String.format(Locale.ROOT, ", at %s MHz; %s", plain(board.clockMhz()), flash),
        board.activePower().map(power -> energy(latency, board, power)),
        board.activePower().map(BoardFigures::energyBasis));
  }

  /** Milliwatts by milliseconds; the current grows with the clock. */
  private static double energy(double latencyMs, Board board, Board.ActivePower power) {
    return latencyMs * power.milliwatts() * board.clockMhz() / power.mhz();
  }

  private static String energyBasis(Board.ActivePower power) {
    return String.format(
        Locale.ROOT,
        "the latency by %s mA at %s V and %s MHz (%s), in proportion to the clock",
        plain(power.milliamperes()),
        plain(power.volts()),
        plain(power.mhz()),
        power.conditions());
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
  }
}
