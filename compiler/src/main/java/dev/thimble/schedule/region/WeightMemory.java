package dev.thimble.schedule.region;

/**
 * A memory that weights lie in.
 *
 * @param capacity the bytes that it has for weights
 * @param costPerByte what reading a byte costs, in the unit of {@link RegionCost}
 * @param mapped whether the core reads it by address; otherwise weights must be copied to RAM
 * @param dma whether DMA can copy from it beside the core
 */
public record WeightMemory(
    String name, long capacity, double costPerByte, boolean mapped, boolean dma) {
  public WeightMemory {
    if (capacity < 0 || !(costPerByte >= 0)) {
      throw new IllegalArgumentException("memory '" + name + "' has no sensible capacity or cost");
    }
  }
}
