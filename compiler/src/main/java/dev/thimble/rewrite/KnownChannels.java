package dev.thimble.rewrite;

import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The channels (entries of the last axis) of a quantised value whose maps do not depend on the
 * graph's inputs, and these maps. A position is an index of all axes but the last.
 */
final class KnownChannels {
  private static final int UNKNOWN = -1;

  private final TensorType type;
  private final int[] slots;
  private final int[] maps;
  private final int known;

  private KnownChannels(TensorType type, int[] slots, int[] maps, int known) {
    this.type = type;
    this.slots = slots;
    this.maps = maps;
    this.known = known;
  }

  /** Nothing is known of a value of this type. */
  static KnownChannels none(TensorType type) {
    int[] slots = new int[channels(type.shape())];
    Arrays.fill(slots, UNKNOWN);
    return new KnownChannels(type, slots, new int[0], 0);
  }

  /** All of this tensor. */
  static KnownChannels all(Tensor data) {
    int[] slots = new int[channels(data.shape())];
    Arrays.setAll(slots, channel -> channel);
    return new KnownChannels(data.type(), slots, data.ints(), slots.length);
  }

  /** These channels of a value of this type, in increasing order, with their maps [..., known]. */
  static KnownChannels some(TensorType type, List<Integer> channels, Tensor maps) {
    KnownChannels result = none(type);
    for (int i = 0; i < channels.size(); i++) {
      result.slots[channels.get(i)] = i;
    }
    return new KnownChannels(type, result.slots, maps.ints(), channels.size());
  }

  /** The extent of the last axis; 1 for a scalar. */
  static int channels(Shape shape) {
    return shape.rank() == 0 ? 1 : shape.dim(-1);
  }

  int channels() {
    return slots.length;
  }

  int positions() {
    return type.elements() / slots.length;
  }

  TensorType type() {
    return type;
  }

  boolean isKnown(int channel) {
    return slots[channel] != UNKNOWN;
  }

  boolean isAllKnown() {
    return known == slots.length;
  }

  boolean isNothingKnown() {
    return known == 0;
  }

  /** The known channels in increasing order. */
  List<Integer> list() {
    List<Integer> list = new ArrayList<>(known);
    for (int channel = 0; channel < slots.length; channel++) {
      if (isKnown(channel)) {
        list.add(channel);
      }
    }
    return list;
  }

  /** The stored element of a known channel at a position. */
  int at(int position, int channel) {
    return maps[position * known + slots[channel]];
  }

  /** Whether a known channel is this number everywhere. */
  boolean isFilledWith(int channel, int value) {
    for (int position = positions() - 1; position >= 0; position--) {
      if (at(position, channel) != value) {
        return false;
      }
    }
    return true;
  }

  /** The whole tensor; unknown channels are filled with the zero point. */
  Tensor all() {
    if (type.shape().rank() == 0) {
      return Tensor.ofInts(type, isAllKnown() ? at(0, 0) : type.zeroPoint());
    }
    return gather(IntStream.range(0, slots.length).boxed().toList(), type.zeroPoint());
  }

  /** A tensor of these channels, in this order; those that are unknown are filled with a number. */
  Tensor gather(List<Integer> channels, int fill) {
    TensorType to = type.withShape(type.shape().with(-1, channels.size()));
    int[] elements = new int[to.elements()];
    for (int position = 0, at = 0; position < positions(); position++) {
      for (int channel : channels) {
        elements[at++] = isKnown(channel) ? at(position, channel) : fill;
      }
    }
    return Tensor.ofInts(to, elements);
  }
}
