package dev.thimble.quant;

/**
 * The filter of a node in a quantised network.
 *
 * @param bytes its packed elements
 * @param lossAlone what the network's outputs lose where this filter alone has this format and all
 *     others are int8, as a part of their squares; NaN where no search measured it
 */
public record FilterFormat(
    String node, String op, WeightFormat format, long bytes, double lossAlone) {}
