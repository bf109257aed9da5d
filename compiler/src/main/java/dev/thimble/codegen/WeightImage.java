package dev.thimble.codegen;

import dev.thimble.kernel.Parameter;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.WeightCopy;
import dev.thimble.schedule.WeightLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The weights that a program copies to its arena: an image of bytes, little-endian, in which each
 * step's tables lie as they will lie in the arena.
 */
final class WeightImage {
  private final CName name;
  private final MemoryPlan plan;
  private final ArenaMemory memory;

  /** For each step, where its tables begin in the image. */
  private final Map<Integer, Long> starts = new TreeMap<>();

  private final Map<dev.thimble.graph.Node, Map<Integer, Long>> addresses = new HashMap<>();
  private long bytes;

  WeightImage(CName name, MemoryPlan plan, ArenaMemory memory) {
    this.name = name;
    this.plan = plan;
    this.memory = memory;
    for (WeightCopy copy : plan.copies()) {
      starts.put(copy.step(), bytes);
      bytes += copy.bytes();
      for (WeightLayout.Placed placed : layout(copy).tables()) {
        Map<Integer, Long> own = addresses.computeIfAbsent(placed.first(), n -> new TreeMap<>());
        own.put(own.size(), copy.offset() + placed.offset());
      }
    }
  }

  private WeightLayout layout(WeightCopy copy) {
    return WeightLayout.of(plan.schedule().steps().get(copy.step()));
  }

  boolean isEmpty() {
    return starts.isEmpty();
  }

  /** Whether a call's tables are copied. */
  boolean holds(KernelCall call) {
    return addresses.containsKey(call.nodes().getFirst());
  }

  /** Writes the parameters of a call with pointers into the arena, as {@code params}. */
  void patch(CWriter c, KernelCall call) {
    c.line("%s_params params = %s_params_%d;", call.kernel().function(), name, call.number());
    Map<Integer, Long> own = addresses.getOrDefault(call.nodes().getFirst(), Map.of());
    int index = 0;
    for (Parameter parameter : call.kernel().parameters()) {
      if (parameter instanceof Parameter.Table table) {
        long offset = java.util.Objects.requireNonNull(own.get(index++));
        String address = memory.address(offset);
        c.line(
            "params.%s = (const %s *)(const void *)(%s);",
            table.field(), table.dtype().cName(), address);
      }
    }
  }

  /** The statements before a step, or, for -1, before the first row of the input is taken. */
  List<String> before(int step) {
    List<String> lines = new ArrayList<>();
    Optional<WeightCopy> own = plan.copy(step).filter(copy -> copy.from() >= 0);
    own.filter(copy -> copy.from() == step).ifPresent(copy -> lines.add(start(copy)));
    own.ifPresent(copy -> lines.add(name.upper() + "_PREFETCH_WAIT();"));
    Optional<WeightCopy> next = plan.copy(step + 1).filter(copy -> copy.from() == step);
    next.ifPresent(copy -> lines.add(start(copy)));
    if (step < 0) {
      next.ifPresent(copy -> lines.add(name.upper() + "_PREFETCH_WAIT();"));
    }
    return lines;
  }

  private String start(WeightCopy copy) {
    return name.upper()
        + "_PREFETCH_START("
        + memory.ofApi(copy.offset())
        + ", "
        + starts.get(copy.step())
        + ", "
        + copy.bytes()
        + ");";
  }

  /** Writes what copies weights unless the application does. */
  void hooks(CWriter c) {
    if (isEmpty()) {
      return;
    }
    String macro = name.upper() + "_PREFETCH";
    c.line("/* How weights are copied to the arena before they are used: one that copies beside");
    c.line(" * the core, by DMA, defines both macros. The first starts a copy of some bytes from");
    c.line(" * an offset in the image, the second waits for its end; one copy runs at a time. */");
    c.line("#ifndef %s_START", macro);
    c.beginOfC();
    declare(c);
    c.blank().endOfC().blank();
    c.line(
        "#define %s_START(to, offset, bytes) memcpy(to, %s_image + (offset), bytes)", macro, name);
    c.line("#endif").line("#ifndef %s_WAIT", macro).line("#define %s_WAIT()", macro);
    c.line("#endif").blank();
  }

  private void declare(CWriter c) {
    c.line("extern const uint8_t %s_image[%d];", name, bytes);
  }

  /** Writes the image, which a program that brings its own hooks does without. */
  void define(CWriter c) {
    if (isEmpty()) {
      return;
    }
    c.line("/* The weights that are copied to the arena; where the application copies them from");
    c.line(" * a memory of its own, they must lie there as they do here. */");
    c.line("#ifndef %s_PREFETCH_START", name.upper());
    declare(c);
    byte[] image = bytes();
    c.line("const uint8_t %s_image[%d] = {", name, image.length);
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < image.length; i++) {
      String literal = (image[i] & 0xff) + ",";
      if (line.length() + literal.length() > 96) {
        c.line("%s", line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(literal);
    }
    c.line("%s", line.toString());
    c.line("};").line("#endif").blank();
  }

  private byte[] bytes() {
    byte[] image = new byte[Math.toIntExact(bytes)];
    for (WeightCopy copy : plan.copies()) {
      int start = Math.toIntExact(java.util.Objects.requireNonNull(starts.get(copy.step())));
      for (WeightLayout.Placed placed : layout(copy).tables()) {
        byte[] table = placed.table().littleEndian();
        System.arraycopy(table, 0, image, start + (int) placed.offset(), table.length);
      }
    }
    return image;
  }

  /** The bytes of tables of a role, the spaces between them left out. */
  long bytes(Parameter.Role role) {
    return plan.copies().stream()
        .flatMap(copy -> layout(copy).tables().stream())
        .filter(placed -> placed.table().role() == role)
        .mapToLong(placed -> placed.table().bytes())
        .sum();
  }
}
