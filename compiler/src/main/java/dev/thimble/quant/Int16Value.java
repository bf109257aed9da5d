package dev.thimble.quant;

/**
 * An activation that a search made int16.
 *
 * @param node the node that gives it, or the input
 * @param op the node's op, or {@code input}
 * @param bytes what it took as int8: its elements
 * @param part its part of all activations' bytes
 * @param before the outputs' signal-to-noise ratio without it, in decibels
 * @param after the same with it and those before it
 */
public record Int16Value(
    String node, String op, long bytes, double part, double before, double after) {}
