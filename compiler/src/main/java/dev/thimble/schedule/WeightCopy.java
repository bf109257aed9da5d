package dev.thimble.schedule;

/**
 * The constant tables of a step, copied to the arena before it runs.
 *
 * @param step the step that reads them
 * @param from the step before which the copy begins: {@code step} itself, or the one before it, so
 *     that the core computes while a DMA controller copies; -1 for the first step of a network that
 *     is fed by rows, whose weights stay while rows arrive
 * @param offset where they are copied to, in bytes from the arena's start
 * @param bytes their size together, a multiple of 4
 */
public record WeightCopy(int step, int from, long offset, long bytes) {}
