package dev.thimble.schedule.region;

/**
 * The weights of a node, in rows that belong to one output channel each.
 *
 * @param node the node's name
 * @param tick when the node runs; tables of one program are in this order
 * @param channels output channels, the least that can be copied at once
 * @param bytesPerChannel the bytes of one channel's weights, filter and requantisation together
 * @param readBytes the bytes that one inference reads of the table: a convolution reads its filter
 *     again for every row or block of pixels
 * @param passes how often one inference goes through the whole table, channel by channel: 1 where
 *     the node computes all of its output for some channels before it takes the next; for a node
 *     that runs row by row, its rows
 */
public record WeightTable(
    String node, int tick, int channels, long bytesPerChannel, long readBytes, int passes) {
  public WeightTable {
    if (channels < 1 || bytesPerChannel < 1 || readBytes < 0 || passes < 1) {
      throw new IllegalArgumentException("weights of '" + node + "' have no sensible sizes");
    }
  }

  public long bytes() {
    return channels * bytesPerChannel;
  }
}
