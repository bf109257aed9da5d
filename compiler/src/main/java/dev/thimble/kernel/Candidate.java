package dev.thimble.kernel;

/**
 * A kernel that could serve a node.
 *
 * @param cycles an estimate of the core's cycles for the whole node, by which candidates of one
 *     instruction set compare
 */
public record Candidate(Kernel kernel, long cycles) {}
