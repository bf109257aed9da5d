package dev.thimble.target;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A piece of a board's memory whose bytes all cost the same to reach.
 *
 * @param name its name on the board, unique there: {@code dtcm}, {@code sram1}
 * @param bytes its size
 * @param address where the core reads it; nothing for a memory that answers to commands only, as a
 *     serial flash does that is not mapped
 * @param sequentialWaitStates cycles of the core beyond the first that the next access in a row
 *     takes, at the board's clock and without a cache; nothing where no document says it
 * @param randomWaitStates the same for an access anywhere
 * @param executable whether the core can run code in it: for an external flash, execution in place
 * @param dma whether a DMA controller of the board can read it, and write it if it is RAM
 * @param section the section by which the vendor's linker scripts place data there, if they do
 * @param cache what hides wait states from the core: an accelerator of the flash, or a cache of the
 *     core, where there is one and its size is known
 * @param source the document that the figures are from
 */
public record Region(
    String name,
    Kind kind,
    long bytes,
    OptionalLong address,
    OptionalInt sequentialWaitStates,
    OptionalInt randomWaitStates,
    boolean executable,
    boolean dma,
    Optional<String> section,
    Optional<Cache> cache,
    String source) {
  /**
   * Memory between a region and the core that answers without wait states what it holds.
   *
   * @param name what it is
   * @param codeBytes the instructions that it holds; 0 where it holds none
   * @param dataBytes the data that it holds; 0 where data is always read from the region
   * @param lineBytes what one access of the region delivers
   */
  public record Cache(String name, long codeBytes, long dataBytes, int lineBytes) {
    public Cache {
      if (codeBytes < 0 || dataBytes < 0 || lineBytes < 1) {
        throw new IllegalArgumentException("cache '" + name + "' has a size that is none");
      }
    }
  }

  /** What a region is made of, and on which side of the chip's pins. */
  public enum Kind {
    RAM,
    FLASH,
    EXTERNAL_RAM,
    EXTERNAL_FLASH;

    /** Whether programs can write it as they run. */
    public boolean isRam() {
      return this == RAM || this == EXTERNAL_RAM;
    }
  }

  public Region {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a region has no name");
    }
    if (bytes < 1) {
      throw new IllegalArgumentException("region '" + name + "' has " + bytes + " bytes");
    }
    if (address.isPresent() && (address.getAsLong() < 0 || address.getAsLong() >>> 32 != 0)) {
      throw new IllegalArgumentException("region '" + name + "': its address is not of 32 bits");
    }
    if (address.isPresent() && bytes > (1L << 32) - address.getAsLong()) {
      throw new IllegalArgumentException(
          "region '" + name + "' ends beyond the addresses of 32 bits");
    }
    if (address.isEmpty() && executable) {
      throw new IllegalArgumentException(
          "region '" + name + "' is executable and has no address; give its address");
    }
    if (sequentialWaitStates.orElse(0) < 0 || randomWaitStates.orElse(0) < 0) {
      throw new IllegalArgumentException("region '" + name + "' has negative wait states");
    }
  }

  /** Whether the core reads it by its address. */
  public boolean mapped() {
    return address.isPresent();
  }

  /** Whether the other region has an address in common with this one. */
  boolean overlaps(Region other) {
    return mapped()
        && other.mapped()
        && address.getAsLong() < other.address.getAsLong() + other.bytes
        && other.address.getAsLong() < address.getAsLong() + bytes;
  }
}
