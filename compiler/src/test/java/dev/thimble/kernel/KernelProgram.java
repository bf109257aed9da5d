package dev.thimble.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A C program that runs kernels on recorded data and compares bytes, under the sanitizers. */
public final class KernelProgram {
  private static final int GAP = 64;

  private final Set<String> includes = new LinkedHashSet<>();
  private final StringBuilder data = new StringBuilder();
  private final StringBuilder main = new StringBuilder();
  private final boolean fractions;
  private int count;

  public KernelProgram() {
    this(false);
  }

  /**
   * @param fractions whether biases may have fractions, which goes with single rounding
   */
  KernelProgram(boolean fractions) {
    this.fractions = fractions;
  }

  KernelProgram add(KernelCase added) {
    String id = "c" + count++;
    includes.add(added.kernel().source());
    String params = parameters(id, added.kernel());
    Layout layout = testCase(id, added);
    switch (added.kernel().form()) {
      case Form.Tile tile -> {
        tile(id, added.kernel(), params, tile, layout);
        String flat = "NULL";
        if (tile.contiguous()) {
          flat = "&" + id + "f_tile";
          tile(id + "f", added.kernel(), params, tile.flattened(), layout);
        }
        main.append("  check_tile(&%s, &%s_tile, %s);\n".formatted(id, id, flat));
      }
      case Form.Reduce reduce -> {
        String f = added.kernel().function();
        main.append(
            "  check_reduce(&%s, %s_init, %s_row, %s_finish, &%s, %d, %d);\n"
                .formatted(id, f, f, f, params, reduce.rowBytes(), reduce.rows()));
      }
      case Form.Whole whole ->
          main.append(
              "  check_whole(&%s, %s, &%s);\n".formatted(id, added.kernel().function(), params));
    }
    return this;
  }

  /** A tile kernel whose output lies so many bytes behind the start of an operand of its. */
  public KernelProgram addOverlap(KernelCase added, int operand, long... distances) {
    String id = "c" + count++;
    includes.add(added.kernel().source());
    String params = parameters(id, added.kernel());
    Layout layout = testCase(id, added);
    Form.Tile tile = (Form.Tile) added.kernel().form();
    tile(id, added.kernel(), params, tile, layout);
    if (tile.contiguous()) {
      tile(id + "f", added.kernel(), params, tile.flattened(), layout);
    }
    for (long distance : distances) {
      for (String which : tile.contiguous() ? List.of(id, id + "f") : List.of(id)) {
        main.append(
            "  check_overlap(&%s, &%s_tile, %d, %d);\n".formatted(id, which, operand, distance));
      }
    }
    return this;
  }

  /** A kernel file whose functions the statements call. */
  KernelProgram include(String source) {
    includes.add(source);
    return this;
  }

  /** A statement of the program's main function. */
  KernelProgram statement(String text) {
    main.append("  ").append(text).append('\n');
    return this;
  }

  /** Where a case's operands, output and scratch lie in the arena. */
  private record Layout(List<Integer> operands, int output, int scratch) {}

  private Layout testCase(String id, KernelCase added) {
    List<String> names = new ArrayList<>();
    List<String> sizes = new ArrayList<>();
    List<Integer> offsets = new ArrayList<>();
    int offset = GAP;
    for (Tensor operand : added.operands()) {
      String name = id + "_input" + names.size();
      table(name, operand);
      names.add(name);
      sizes.add(Long.toString(operand.type().bytes()));
      offsets.add(offset);
      offset = align(offset + (int) operand.type().bytes() + GAP);
    }
    table(id + "_expected", added.expected());
    data.append(
        "static const void *const %s_inputs[] = {%s};\n".formatted(id, String.join(", ", names)));
    data.append(
        "static const uint32_t %s_sizes[] = {%s};\n".formatted(id, String.join(", ", sizes)));
    added.second().ifPresent(second -> table(id + "_second", second));
    data.append(
        ("static const test_case %s = {\"%s\", %s_inputs, %s_sizes, %d, %s_expected, "
                + "%d, %d, %d, %d, %s, %d};\n")
            .formatted(
                id,
                added.name(),
                id,
                id,
                names.size(),
                id,
                added.expected().type().bytes(),
                added.kernel().scratchBytes(),
                added.kernel().inPlace() ? 1 : 0,
                added.tolerant() ? 1 : 0,
                added.second().isPresent() ? id + "_second" : "NULL",
                added.second().map(second -> second.type().bytes()).orElse(0L)));
    int scratch = align(offset + (int) added.expected().type().bytes() + GAP);
    return new Layout(offsets, offset, scratch);
  }

  private void table(String name, Tensor tensor) {
    Parameter.Table table =
        tensor.type().isFloat()
            ? Parameter.Table.ofFloats(name, Parameter.Role.TABLE, tensor.floats())
            : new Parameter.Table(
                name, Parameter.Role.TABLE, tensor.type().dtype(), tensor.longs());
    data.append("static ").append(ParameterText.definition(name, table));
  }

  private String parameters(String id, Kernel kernel) {
    List<Parameter.Table> tables = new ArrayList<>();
    for (Parameter parameter : kernel.parameters()) {
      if (parameter instanceof Parameter.Table table && !tables.contains(table)) {
        data.append("static ")
            .append(ParameterText.definition(id + "_table" + tables.size(), table));
        tables.add(table);
      }
    }
    String name = id + "_params";
    data.append("static const ").append(kernel.function()).append("_params ").append(name);
    data.append(" = ")
        .append(
            ParameterText.initializer(
                kernel.parameters(), table -> id + "_table" + tables.indexOf(table), fractions))
        .append(";\n");
    return name;
  }

  private void tile(String id, Kernel kernel, String params, Form.Tile tile, Layout layout) {
    List<String> operands = new ArrayList<>();
    for (int i = 0; i < tile.operands().size(); i++) {
      Form.Operand operand = tile.operands().get(i);
      String symbol = id + "_rows" + i;
      rows(symbol, layout.operands().get(i), operand.rowBytes(), operand.rows());
      operands.add("&" + symbol);
    }
    rows(id + "_out", layout.output(), tile.rowBytes(), tile.rows());
    data.append(
        "static const thimble_rows *const %s_operands[] = {%s};\n"
            .formatted(id, String.join(", ", operands)));
    data.append(
        ("static const thimble_tile %s_tile = {%s, &%s, %s_operands, &%s_out, %s, "
                + "%d, %d, %d, %d, %d, %d, %d};\n")
            .formatted(
                id,
                kernel.function(),
                params,
                id,
                id,
                outside(id, tile),
                layout.scratch(),
                tile.width(),
                tile.batch(),
                tile.window().size(),
                tile.window().stride(),
                tile.window().before(),
                tile.operands().size()));
  }

  private void rows(String symbol, int offset, int rowBytes, int rows) {
    data.append(
        "static const thimble_rows %s = {NULL, NULL, %d, %d, %d, %d};\n"
            .formatted(symbol, offset, rowBytes, rows, rows));
  }

  private String outside(String id, Form.Tile tile) {
    if (tile.outside().isEmpty()) {
      return "NULL";
    }
    String outside = id + "_outside";
    int[] row = new int[tile.operands().getFirst().rowBytes()];
    Arrays.fill(row, tile.outside().getAsInt());
    data.append("static ")
        .append(
            ParameterText.definition(
                outside, new Parameter.Table("outside", Parameter.Role.TABLE, DType.INT8, row)));
    return outside;
  }

  private static int align(int offset) {
    return (offset + 15) / 16 * 16;
  }

  /** Compiles the program with this compiler, runs it, and asserts that nothing differs. */
  public void run(List<String> compiler, Rounding rounding, Path folder) throws IOException {
    StringBuilder text = new StringBuilder();
    if (rounding == Rounding.SINGLE) {
      text.append("#define THIMBLE_SINGLE_ROUNDING\n");
    }
    if (fractions) {
      text.append("#define ").append(ParameterText.FRACTIONS).append("\n");
    }
    text.append("#include \"harness.h\"\n");
    includes.forEach(file -> text.append("#include \"").append(file).append("\"\n"));
    text.append(data).append("int main(void) {\n").append(main);
    text.append("  return failures;\n}\n");
    Path source = folder.resolve("kernels.c");
    Path program = folder.resolve("kernels");
    Files.writeString(source, text);
    CCompiler.run(
        CCompiler.command(
            compiler,
            CCompiler.WARNINGS,
            CCompiler.SANITIZERS,
            List.of(
                "-O1",
                "-I" + CCompiler.kernels(),
                "-I" + harness(),
                source.toString(),
                "-x",
                "none",
                "-o",
                program.toString(),
                "-lm")));
    assertThat(CCompiler.run(List.of(program.toString()))).isEmpty();
  }

  private static Path harness() {
    try {
      URL file = Objects.requireNonNull(KernelProgram.class.getResource("harness.h"));
      return Path.of(file.toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
