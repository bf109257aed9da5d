package dev.thimble.schedule.region;

/**
 * A region as placement sees it.
 *
 * @param capacity its bytes that may be used
 * @param costPerByte what reading or writing a byte costs, in any unit that all regions share
 */
public record RegionCost(String name, long capacity, double costPerByte) {
  public RegionCost {
    if (capacity < 0 || !(costPerByte >= 0)) {
      throw new IllegalArgumentException("region '" + name + "' has no sensible capacity or cost");
    }
  }
}
