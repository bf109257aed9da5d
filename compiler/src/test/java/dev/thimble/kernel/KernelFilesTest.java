package dev.thimble.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelFilesTest {
  private static final Pattern FILE_LEVEL_NAME =
      Pattern.compile(
          "^(?:static .*?(\\w+)\\(|\\} (\\w+);|typedef .*? (\\w+);)", Pattern.MULTILINE);
  private static final Pattern INCLUDE = Pattern.compile("#include <(.*)>");

  private static final Pattern STRUCTURE =
      Pattern.compile("typedef struct \\{([^}]*)\\} (\\w+);|typedef (\\w+) (\\w+_params);");
  private static final Pattern FIELD = Pattern.compile("(?:const )?(\\w+)( \\*| )(\\w+)");
  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);

  private static final Pattern DIRECTIVE = Pattern.compile("^#.*$", Pattern.MULTILINE);

  /** A field of a C structure: {@code const int8_t *filter} has the type {@code int8_t *}. */
  private record Field(String type, String name) {}

  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(CCompiler.kernels())) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<String> kernels() throws IOException {
    return files().stream()
        .map(Path::toString)
        .filter(file -> file.endsWith("_portable.c"))
        .toList();
  }

  private static List<String> withKernels(List<String> options) {
    return CCompiler.command(options, List.of("-fsyntax-only", "-I" + CCompiler.kernels()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-DTHIMBLE_DOUBLE_ROUNDING",
        "-DTHIMBLE_SINGLE_ROUNDING",
        "-DTHIMBLE_SINGLE_ROUNDING -DTHIMBLE_BIAS_FRACTIONS"
      })
  void everyFileAloneIsCleanC99(String rounding) throws IOException {
    CCompiler.require("gcc");
    List<String> options =
        withKernels(
            CCompiler.command(
                List.of("gcc", "-std=c99", "-pedantic", "-Wvla"), List.of(rounding.split(" "))));
    CCompiler.run(CCompiler.command(options, CCompiler.WARNINGS, kernels()));
  }

  @Test
  void everyFileAloneIsCleanCPlusPlus() throws IOException {
    CCompiler.require("g++");
    List<String> options = withKernels(List.of("g++", "-x", "c++", "-std=c++17", "-pedantic"));
    CCompiler.run(CCompiler.command(options, CCompiler.WARNINGS, kernels()));
  }

  @Test
  void fileLevelNamesAreDistinctSoThatFilesCanBeJoined() throws IOException {
    Set<String> names = new HashSet<>();
    for (Path file : files()) {
      // The two requantisations exclude each other: one of them is always empty.
      if (file.endsWith("requantize_single.h")) {
        continue;
      }
      Matcher matcher = FILE_LEVEL_NAME.matcher(Files.readString(file));
      while (matcher.find()) {
        String name =
            Stream.of(1, 2, 3)
                .map(matcher::group)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow();
        assertThat(names.add(name)).as("%s in %s is new", name, file).isTrue();
      }
    }
    assertThat(names).contains("conv2d_s8", "conv2d_s8_params", "thimble_tile_rows");
  }

  /** The generated code initialises structures by position: a C compiler sees no exchanged ints. */
  @Test
  void parametersAreTheFieldsOfTheirStructureInItsOrder() throws IOException {
    Map<String, List<Field>> structures = structures();
    for (KernelCase each : KernelSweep.all().toList()) {
      String structure = each.kernel().function() + "_params";
      List<Parameter> parameters = each.kernel().parameters();
      List<Field> fields = flattened(structures, structure, "");
      assertThat(parameters.stream().map(Parameter::field))
          .as("what the kernel's ParameterList gives, compared with the fields of %s", structure)
          .containsExactlyElementsOf(fields.stream().map(Field::name).toList());
      for (int i = 0; i < fields.size(); i++) {
        if (parameters.get(i) instanceof Parameter.Table table) {
          assertThat(fields.get(i).type())
              .as("the type of the table %s of %s", table.field(), structure)
              .isIn(table.dtype().cName() + " *", "void *");
        }
      }
    }
  }

  /** The fields of all structures of all kernel files, by the structure's name. */
  private static Map<String, List<Field>> structures() throws IOException {
    Map<String, List<Field>> structures = new HashMap<>();
    for (Path file : files()) {
      Matcher matcher = STRUCTURE.matcher(COMMENT.matcher(Files.readString(file)).replaceAll(""));
      while (matcher.find()) {
        if (matcher.group(1) != null) {
          String body = DIRECTIVE.matcher(matcher.group(1)).replaceAll("");
          structures.put(matcher.group(2), fields(body));
        } else {
          // A second name for a structure is read as one whose only field, without a name, it is.
          structures.put(matcher.group(4), List.of(new Field(matcher.group(3), "")));
        }
      }
    }
    return structures;
  }

  /** A declaration that is read as no field, such as an array, keeps its text as its name. */
  private static List<Field> fields(String body) {
    return Pattern.compile(";\\s*")
        .splitAsStream(body.strip())
        .map(declaration -> {
          Matcher field = FIELD.matcher(declaration);
          return field.matches()
              ? new Field(field.group(1) + field.group(2).stripTrailing(), field.group(3))
              : new Field("", declaration);
        })
        .toList();
  }

  /** A structure's fields, those of a structure inside it as {@code outer.field}. */
  private static List<Field> flattened(
      Map<String, List<Field>> structures, String structure, String prefix) {
    assertThat(structures).as("structures of the kernel files").containsKey(structure);
    List<Field> all = new ArrayList<>();
    for (Field field : structures.getOrDefault(structure, List.of())) {
      String name = prefix + field.name();
      if (structures.containsKey(field.type())) {
        all.addAll(
            flattened(structures, field.type(), field.name().isEmpty() ? prefix : name + "."));
      } else {
        all.add(new Field(field.type(), name));
      }
    }
    return all;
  }

  /** Bounds may be infinite, and the word for that is in math.h. */
  @Test
  void filesWithBoundsOfFloatsIncludeMath() throws IOException {
    for (Path file : files()) {
      String text = Files.readString(file);
      boolean bounded = file.toString().endsWith(".c") && text.contains("float max;");
      assertThat(!bounded || text.contains("#include <math.h>")).as("%s", file).isTrue();
    }
  }

  @Test
  void noFileNeedsOtherSystemHeadersThanThoseOfTheContract() throws IOException {
    for (Path file : files()) {
      Matcher matcher = INCLUDE.matcher(Files.readString(file));
      List<String> allowed =
          file.toString().contains("f32")
              ? List.of("stdint.h", "string.h", "math.h")
              : List.of("stdint.h", "string.h", "arm_acle.h", "arm_mve.h", "riscv_vector.h");
      while (matcher.find()) {
        assertThat(matcher.group(1)).as("%s", file).isIn(allowed);
      }
    }
  }
}
