package dev.thimble.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
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
  @ValueSource(strings = {"-DTHIMBLE_DOUBLE_ROUNDING", "-DTHIMBLE_SINGLE_ROUNDING"})
  void everyFileAloneIsCleanC99(String rounding) throws IOException {
    CCompiler.require("gcc");
    List<String> options = withKernels(List.of("gcc", "-std=c99", "-pedantic", "-Wvla", rounding));
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

  @Test
  void noFileNeedsMoreThanThreeSystemHeaders() throws IOException {
    for (Path file : files()) {
      Matcher matcher = INCLUDE.matcher(Files.readString(file));
      List<String> allowed =
          file.toString().contains("f32")
              ? List.of("stdint.h", "string.h", "math.h")
              : List.of("stdint.h", "string.h");
      while (matcher.find()) {
        assertThat(matcher.group(1)).as("%s", file).isIn(allowed);
      }
    }
  }
}
