package dev.thimble.codegen;

import dev.thimble.graph.Value;
import dev.thimble.schedule.MemoryPlan;
import dev.thimble.schedule.Step;
import dev.thimble.schedule.region.RamMemory;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.QuantParams;
import dev.thimble.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes the header: the sizes, the arena's type and the functions that an application calls. */
final class HeaderFile {
  private final CName name;
  private final String banner;
  private final Optional<Step.Fed> fed;
  private final CWriter c = new CWriter();

  private HeaderFile(CName name, String banner, Optional<Step.Fed> fed) {
    this.name = name;
    this.banner = banner;
    this.fed = fed;
  }

  /**
   * The header's text.
   *
   * @param functions how many node functions the program has
   */
  static String write(
      CName name,
      String banner,
      MemoryPlan plan,
      ArenaMemory memory,
      ProfileHooks hooks,
      int functions) {
    HeaderFile header = new HeaderFile(name, banner, plan.schedule().fed());
    List<Value> inputs = plan.schedule().graph().inputs();
    List<Value> outputs = plan.schedule().graph().outputs();
    header.open();
    header.arenaSize(plan.arenaBytes(), memory);
    header.sizes(inputs, outputs);
    header.arena(memory);
    header.functions(inputs, outputs);
    hooks.declare(header.c, functions);
    header.conversions(inputs, outputs);
    header.close();
    return header.c.toString();
  }

  private void open() {
    c.line("/* %s.h: %s */", name, banner);
    c.line("#ifndef %s_H", name.upper()).line("#define %s_H", name.upper()).blank();
    c.line("#include <stdint.h>").blank();
    c.beginOfC();
  }

  private void arenaSize(long arenaBytes, ArenaMemory memory) {
    String upper = name.upper();
    c.line("/* All the RAM that inference needs, stack aside. */");
    if (!memory.several()) {
      c.line("#define %s_ARENA_BYTES %d", upper, arenaBytes).blank();
      return;
    }
    List<String> sizes = new ArrayList<>();
    for (int i = 0; i < memory.names().size(); i++) {
      String macro = upper + "_" + memory.names().get(i).toUpperCase(Locale.ROOT) + "_BYTES";
      c.line("#define %s %d", macro, memory.regions().get(i).bytes());
      sizes.add(macro);
    }
    c.line("#define %s_ARENA_BYTES (%s)", upper, String.join(" + ", sizes)).blank();
  }

  private void sizes(List<Value> inputs, List<Value> outputs) {
    for (int i = 0; i < inputs.size(); i++) {
      sizes("INPUT_" + i, inputs.get(i));
    }
    fed.ifPresent(this::rowSizes);
    for (int i = 0; i < outputs.size(); i++) {
      sizes("OUTPUT_" + i, outputs.get(i));
    }
    c.line("/* What functions return that did nothing. */");
    c.line("#define %s_E_ARENA (-1) /* The arena's pointer is null. */", name.upper());
    if (fed.isPresent()) {
      c.line("#define %s_E_ROW (-2) /* The row's pointer is null. */", name.upper());
      c.line("#define %s_E_DONE (-3) /* All rows were there; call %s_init. */", name.upper(), name);
    }
    c.blank();
  }

  private void rowSizes(Step.Fed rows) {
    String macro = name.upper() + "_INPUT_0_";
    int elements = rows.rowBytes() / rows.value().type().dtype().bytes();
    c.line("/* The input arrives row by row and never lies in memory as a whole. */");
    c.line("#define %sROWS %d", macro, rows.rows());
    c.line("#define %sROW_BYTES %d", macro, rows.rowBytes());
    c.line("#define %sROW_ELEMENTS %d", macro, elements).blank();
  }

  private void sizes(String what, Value value) {
    TensorType type = value.type();
    String macro = name.upper() + "_" + what;
    c.line("/* %s: %s%s, row-major. */", comment(value.name()), type.dtype().cName(), type.shape());
    c.line("#define %s_BYTES %d", macro, type.bytes());
    c.line("#define %s_ELEMENTS %d", macro, type.elements());
    if (type.quant() instanceof QuantParams.PerTensor p) {
      c.line("#define %s_SCALE %sf", macro, Float.toString(p.scale()));
      c.line("#define %s_ZERO_POINT (%d)", macro, p.zeroPoint());
    }
    c.blank();
  }

  private void arena(ArenaMemory memory) {
    String align = name.upper() + "_ALIGN16";
    c.line("#if defined(__cplusplus) && __cplusplus >= 201103L");
    c.line("#define %s alignas(16)", align);
    c.line("#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L");
    c.line("#define %s _Alignas(16)", align);
    c.line("#elif defined(_MSC_VER)").line("#define %s __declspec(align(16))", align);
    c.line("#else").line("#define %s __attribute__((aligned(16)))", align).line("#endif").blank();
    if (memory.several()) {
      severalArenas(memory, align);
      return;
    }
    c.line("/* An instance of the network: two arenas run two inferences side by side. */");
    c.line("typedef struct {").line("%s uint8_t bytes[%s_ARENA_BYTES];", align, name.upper());
    c.line("} %s_arena;", name).blank();
  }

  private void severalArenas(ArenaMemory memory, String align) {
    c.line("/* The arena's parts, one for each memory of the board. */");
    for (int i = 0; i < memory.names().size(); i++) {
      RamMemory place = memory.regions().get(i).memory();
      String part = memory.names().get(i);
      String address =
          place.address().isPresent()
              ? String.format(Locale.ROOT, " at 0x%08x", place.address().getAsLong())
              : "";
      String section = place.section().map(s -> ", section " + s).orElse("");
      c.line("/* To be placed in %s%s%s. */", comment(place.name()), address, comment(section));
      c.line("typedef struct {");
      c.line("%s uint8_t bytes[%s_%s_BYTES];", align, name.upper(), part.toUpperCase(Locale.ROOT));
      c.line("} %s_%s;", name, part).blank();
    }
    c.line("/* An instance of the network: two arenas run two inferences side by side. The parts");
    c.line(" * are the application's, which sets the pointers before it calls %s_init. */", name);
    c.line("typedef struct {");
    memory.names().forEach(part -> c.line("%s_%s *%s;", name, part, part));
    c.line("} %s_arena;", name).blank();
  }

  private void functions(List<Value> inputs, List<Value> outputs) {
    c.line("/* Call once before the first run, and to reset state. Returns 0. */");
    c.line("int %s_init(%s_arena *arena);", name, name).blank();
    if (fed.isPresent()) {
      c.line(
          "/* Takes the input's next row, which may be reused at once. Returns 1 while it wants");
      c.line(
          " * more, 0 when the output is ready, or a negative %s_E number. Each inference",
          name.upper());
      c.line(" * starts with %s_init. */", name);
      String type = cType(fed.get().value());
      c.line("int %s_push_row_0(%s_arena *arena, const %s *row);", name, name, type).blank();
    } else {
      c.line("/* Where to write the input; %s_run may destroy it. */", name);
      for (int i = 0; i < inputs.size(); i++) {
        c.line("%s *%s_input_%d(%s_arena *arena);", cType(inputs.get(i)), name, i, name);
      }
      c.blank();
      c.line("/* Runs one inference. Returns 0, or a negative %s_E number. */", name.upper());
      c.line("int %s_run(%s_arena *arena);", name, name).blank();
    }
    c.line("/* Where to read the result; valid until the next call. */");
    for (int i = 0; i < outputs.size(); i++) {
      c.line(
          "const %s *%s_output_%d(const %s_arena *arena);", cType(outputs.get(i)), name, i, name);
    }
    c.blank();
  }

  private void conversions(List<Value> inputs, List<Value> outputs) {
    for (int i = 0; i < inputs.size(); i++) {
      if (converts(inputs.get(i).type())) {
        quantize(inputs.get(i).type(), i);
      }
    }
    for (int i = 0; i < outputs.size(); i++) {
      if (converts(outputs.get(i).type())) {
        dequantize(outputs.get(i).type(), i);
      }
    }
  }

  /** Numbers of 32 bits would need arithmetic beyond that of a float. */
  private static boolean converts(TensorType type) {
    return type.quant() instanceof QuantParams.PerTensor
        && type.dtype().bytes() < DType.INT32.bytes();
  }

  private void quantize(TensorType type, int i) {
    String macro = name.upper() + "_INPUT_" + i;
    String cType = type.dtype().cName();
    int min = type.dtype().minValue();
    int max = type.dtype().maxValue();
    c.line("/* The stored number for a real one: ties away from zero, saturated. */");
    c.line("static inline %s %s_quantize_input_%d(float real) {", cType, name, i);
    c.line("float scaled = real / %s_SCALE;", macro);
    c.line("int32_t whole = 0; /* also for what is not a number */");
    c.line("if (scaled >= 131072.0f) {").line("whole = 131072;");
    c.line("} else if (scaled <= -131072.0f) {").line("whole = -131072;");
    c.line("} else if (scaled == scaled) {").line("whole = (int32_t)scaled;");
    c.line("float rest = scaled - (float)whole;");
    c.line("whole += (rest >= 0.5f) - (rest <= -0.5f);").line("}");
    c.line("whole += %s_ZERO_POINT;", macro);
    c.line("return (%s)(whole < %d ? %d : whole > %d ? %d : whole);", cType, min, min, max, max);
    c.line("}").blank();
  }

  private void dequantize(TensorType type, int i) {
    String macro = name.upper() + "_OUTPUT_" + i;
    String cType = type.dtype().cName();
    c.line("/* The real number for a stored one. */");
    c.line("static inline float %s_dequantize_output_%d(%s stored) {", name, i, cType);
    c.line("return %s_SCALE * (float)(stored - %s_ZERO_POINT);", macro, macro).line("}").blank();
  }

  private void close() {
    c.endOfC().blank();
    c.line("#endif /* %s_H */", name.upper());
  }

  static String cType(Value value) {
    return value.type().dtype().cName();
  }

  /** A name that cannot end or nest a comment, nor carry bytes that a compiler warns about. */
  static String comment(String text) {
    return text.replaceAll("[^ -~]", "?")
        .replace("*/", "* /")
        .replace("/*", "/ *")
        .replace('\\', '?');
  }
}
