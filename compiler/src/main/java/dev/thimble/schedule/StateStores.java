package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Origin;
import dev.thimble.graph.State;
import dev.thimble.graph.Value;
import dev.thimble.kernel.KernelRequest;
import dev.thimble.op.Reshape;
import dev.thimble.op.Rounding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes every state's next content be written over its current content: a state has one place in
 * the arena. Where the node that computes the next content may do so itself, as soon as all other
 * readers of the current content are done, the order of steps is made to agree; elsewhere a copy at
 * the end of the schedule does.
 */
final class StateStores {
  private final Schedule schedule;
  private final NodeKernels kernels;
  private final Rounding rounding;
  private final Map<Value, Step> producers = new HashMap<>();
  private final Map<Value, Origin> origins;
  private final List<Step> steps;

  /** For each step, those that must run before it though it reads nothing of theirs. */
  private final Map<Step, Set<Step>> before = new IdentityHashMap<>();

  private StateStores(Schedule schedule, NodeKernels kernels, Rounding rounding) {
    this.schedule = schedule;
    this.kernels = kernels;
    this.rounding = rounding;
    this.origins = new LinkedHashMap<>(schedule.graph().origins());
    this.steps = new ArrayList<>(schedule.steps());
    steps.forEach(step -> step.outputs().forEach(output -> producers.put(output, step)));
  }

  /**
   * The schedule with copies where they are needed, in an order in which no step reads what a state
   * held after it has been overwritten.
   *
   * @param schedule each node as a step of its own; every state becomes what a node computes
   */
  static Schedule of(Schedule schedule, NodeKernels kernels, Rounding rounding) {
    return schedule.graph().states().isEmpty()
        ? schedule
        : new StateStores(schedule, kernels, rounding).stored();
  }

  private Schedule stored() {
    List<State> states = new ArrayList<>();
    List<Node> nodes = new ArrayList<>(schedule.graph().nodes());
    Set<String> names = names(schedule.graph());
    for (State state : schedule.graph().states()) {
      State stored = state;
      if (!storesDirectly(state)) {
        Value copy =
            new Value(fresh(names, state.current().name() + "~stored"), state.next().type());
        Node node = new Node(new Reshape(copy.type().shape()), List.of(state.next()), copy);
        nodes.add(node);
        origins.put(copy, schedule.graph().origin(state.next()));
        stored = new State(state.current(), copy, state.initial());
        add(node);
      }
      Step writer = producer(stored.next());
      before.computeIfAbsent(writer, s -> identitySet()).addAll(otherReaders(state, writer));
      states.add(stored);
    }
    return new Schedule(graph(states, nodes), ordered());
  }

  private Graph graph(List<State> states, List<Node> nodes) {
    Graph graph = schedule.graph();
    return new Graph(
        graph.name(), graph.inputs(), graph.constants(), states, nodes, graph.outputs(), origins);
  }

  private void add(Node copy) {
    KernelRequest request =
        new KernelRequest(
            copy.op(), copy.inputTypes(), List.of(Optional.empty()), copy.outputTypes(), rounding);
    Step step = new Step.Whole(copy, kernels.of(copy).select(request));
    steps.add(step);
    producers.put(copy.output(), step);
  }

  private Step producer(Value value) {
    Step step = producers.get(value);
    if (step == null) {
      throw new ScheduleException(
          "state content '" + value.name() + "' is not computed by a node; copy it with a reshape");
    }
    return step;
  }

  private Set<Step> otherReaders(State state, Step writer) {
    Set<Step> readers = identitySet();
    for (Step step : steps) {
      if (step != writer && LiveRanges.reads(schedule.graph(), step).contains(state.current())) {
        readers.add(step);
      }
    }
    return readers;
  }

  /** Whether the node that computes the next content may write it over the current content. */
  private boolean storesDirectly(State state) {
    Step writer = producer(state.next());
    boolean reads = LiveRanges.reads(schedule.graph(), writer).contains(state.current());
    if (reads && !(writer instanceof Step.Single single && overwrites(single, state))) {
      return false;
    }
    Set<Step> readers = otherReaders(state, writer);
    return readers.stream().noneMatch(reader -> follows(reader, writer));
  }

  private static boolean overwrites(Step.Single single, State state) {
    return Overlap.overwrites(single, state.current())
        && Overlap.partner(single, state.current()).equals(state.next())
        && Overlap.room(single, state.current()).isPresent();
  }

  /** Whether a step has to run after another. */
  private boolean follows(Step step, Step other) {
    Set<Step> seen = identitySet();
    List<Step> pending = new ArrayList<>(List.of(step));
    while (!pending.isEmpty()) {
      Step at = pending.removeLast();
      if (at == other) {
        return true;
      }
      if (seen.add(at)) {
        pending.addAll(requirements(at));
      }
    }
    return false;
  }

  private List<Step> requirements(Step step) {
    List<Step> required = new ArrayList<>();
    for (Value read : LiveRanges.reads(schedule.graph(), step)) {
      Step producer = producers.get(read);
      if (producer != null) {
        required.add(producer);
      }
    }
    for (Step earlier : steps) {
      if (before.getOrDefault(step, Set.of()).contains(earlier)) {
        required.add(earlier);
      }
    }
    return required;
  }

  /** The steps in their order, but each after those that it requires. */
  private List<Step> ordered() {
    Set<Step> done = identitySet();
    List<Step> ordered = new ArrayList<>();
    List<Step> pending = new ArrayList<>(steps.reversed());
    while (!pending.isEmpty()) {
      Step step = pending.getLast();
      List<Step> missing =
          requirements(step).stream().filter(required -> !done.contains(required)).toList();
      if (!missing.isEmpty() && !done.contains(step)) {
        pending.addAll(missing.reversed());
      } else {
        pending.removeLast();
        if (done.add(step)) {
          ordered.add(step);
        }
      }
    }
    return ordered;
  }

  /** Steps are records of large tables, which are not to be compared. */
  private static Set<Step> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private static Set<String> names(Graph graph) {
    Set<String> names = new HashSet<>();
    graph.inputs().forEach(value -> names.add(value.name()));
    graph.constants().keySet().forEach(value -> names.add(value.name()));
    graph.states().forEach(state -> names.add(state.current().name()));
    graph.nodes().forEach(node -> node.outputs().forEach(value -> names.add(value.name())));
    return names;
  }

  private static String fresh(Set<String> names, String base) {
    String name = base;
    for (int i = 2; !names.add(name); i++) {
      name = base + i;
    }
    return name;
  }
}
