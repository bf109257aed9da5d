package dev.thimble.rewrite;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.rewrite.ChannelClasses.Member;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides which channels go: the greatest set in which every reader of a channel that goes can do
 * without it. It starts with all channels and strikes those that some reader needs until no more
 * are struck; whether an absorber needs a channel depends on which of its outputs stay.
 */
final class ChannelRemoval {
  private final ChannelClasses classes;
  private final Map<Value, Absorber> absorbers = new LinkedHashMap<>();
  private final boolean[] stays;
  private final Deque<Integer> pending = new ArrayDeque<>();

  ChannelRemoval(Graph graph, ChannelKnowledge knowledge) {
    this.classes = new ChannelClasses(graph);
    this.stays = new boolean[classes.size()];
    for (Node node : graph.nodes()) {
      Absorber.of(graph, node, knowledge)
          .ifPresent(absorber -> absorbers.put(node.output(), absorber));
    }
    classes.struck().forEach(this::strike);
    do {
      spread();
      graph.nodes().forEach(this::keepOne);
      absorbers.values().forEach(this::keepWhatOverflows);
    } while (!pending.isEmpty());
  }

  /** The channels of a value that stay, in increasing order; all of a constant. */
  List<Integer> kept(Value value) {
    List<Integer> kept = new ArrayList<>();
    int channels = KnownChannels.channels(value.type().shape());
    for (int channel = 0; channel < channels; channel++) {
      if (stays(value, channel)) {
        kept.add(channel);
      }
    }
    return kept;
  }

  /** The node as an absorber, if it is one. */
  Optional<Absorber> absorber(Node node) {
    return Optional.ofNullable(absorbers.get(node.output()));
  }

  /**
   * The bias of an output that stays, with the contributions of the input channels that go. It lies
   * within 32 bits.
   */
  long bias(Absorber absorber, int output) {
    long sum = absorber.bias(output);
    for (int channel = 0; channel < absorber.inputs(); channel++) {
      if (!stays(absorber.node().input(), channel)) {
        sum += absorber.contribution(output, channel).orElseThrow();
      }
    }
    return sum;
  }

  private boolean stays(Value value, int channel) {
    return !classes.holds(value) || stays[classes.classOf(value, channel)];
  }

  private void strike(int number) {
    if (!stays[number]) {
      stays[number] = true;
      pending.add(number);
    }
  }

  /** Strikes the channels that the outputs which have to stay cannot do without. */
  private void spread() {
    while (!pending.isEmpty()) {
      for (Member member : classes.members(pending.remove())) {
        Absorber absorber = absorbers.get(member.value());
        if (absorber != null) {
          spread(absorber, member.channel());
        }
      }
    }
  }

  private void spread(Absorber absorber, int output) {
    Value input = absorber.node().input();
    for (int channel = 0; channel < absorber.inputs(); channel++) {
      if (!stays(input, channel) && absorber.contribution(output, channel).isEmpty()) {
        strike(classes.classOf(input, channel));
      }
    }
  }

  /** A tensor without channels cannot be: one stays, even if it says nothing. */
  private void keepOne(Node node) {
    for (Value output : node.outputs()) {
      if (kept(output).isEmpty()) {
        strike(classes.classOf(output, 0));
      }
    }
  }

  private void keepWhatOverflows(Absorber absorber) {
    for (int output = 0; output < absorber.outputs() && pending.isEmpty(); output++) {
      if (stays(absorber.node().output(), output)) {
        long bias = bias(absorber, output);
        if (bias != (int) bias) {
          keepContributors(absorber, output);
        }
      }
    }
  }

  private void keepContributors(Absorber absorber, int output) {
    Value input = absorber.node().input();
    for (int channel = 0; channel < absorber.inputs(); channel++) {
      if (!stays(input, channel)
          && !absorber.contribution(output, channel).equals(OptionalLong.of(0))) {
        strike(classes.classOf(input, channel));
      }
    }
  }
}
