package dev.thimble.quant;

import org.jspecify.annotations.Nullable;

/**
 * What quantising one value of a network loses. Signal-to-noise ratios are in decibels, null where
 * nothing is lost.
 *
 * @param node the value's name: that of its node, or of an input
 * @param op what computes it; {@code input} for an input
 * @param dtype how it is stored
 * @param low the smallest real number that the type holds
 * @param high the largest
 * @param seenLow the smallest that the samples need
 * @param seenHigh the largest
 * @param clipped the part of the elements that lie beyond the range by more than half a step
 * @param snrDb of the value when its operands are stored exactly: what is lost here
 * @param accumulatedSnrDb of the value in the quantised network: what is lost here and before
 * @param outputSnrDb of the network's outputs when only this value is quantised
 * @param cause one of {@link LossCause}, in its words
 * @param reason the cause in figures
 * @param remedy which switch mends it
 */
public record NodeLoss(
    String node,
    String op,
    String dtype,
    double low,
    double high,
    double seenLow,
    double seenHigh,
    double scale,
    int zeroPoint,
    double clipped,
    @Nullable Double snrDb,
    @Nullable Double accumulatedSnrDb,
    @Nullable Double outputSnrDb,
    String cause,
    String reason,
    String remedy) {}
