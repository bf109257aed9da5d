package dev.thimble.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.importer.GivenConstant;
import dev.thimble.importer.ImportOptions;
import dev.thimble.report.Json;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class ImportArgumentsTest {
  @Command
  private static final class Arguments {
    @CommandLine.Mixin private final ImportArguments imports = new ImportArguments();
  }

  private static ImportArguments parse(String... words) {
    Arguments arguments = new Arguments();
    new CommandLine(arguments).parseArgs(words);
    return arguments.imports;
  }

  @Test
  void withoutOptionsTheDefaultsHold() {
    assertThat(parse().options()).isEqualTo(ImportOptions.DEFAULTS);
    assertThat(parse().given()).isFalse();
  }

  @Test
  void shapesConstantsAndNarrowingAreTaken() {
    ImportOptions options =
        parse("--shape=x=1,3", "--constant=axes=0,-2", "--constant=on=true", "--float64=narrow")
            .options();

    assertThat(options.shapes()).containsEntry("x", List.of(1, 3));
    assertThat(options.constants())
        .containsEntry("axes", new GivenConstant.Values(List.of("0", "-2")))
        .containsEntry("on", new GivenConstant.Values(List.of("true")));
    assertThat(options.narrow()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--constant=axes | --constant 'axes' is no NAME=FILE.npy, NAME=FILE.pb or NAME=1,2,3",
        "--constant=a= | --constant 'a=' is no NAME=FILE.npy, NAME=FILE.pb or NAME=1,2,3",
        "--float64=round | --float64 'round' is unknown; choose one of refuse, narrow",
        "--shape=x=0 | --shape 'x=0' is no NAME=DIMS, such as input=1,3,224,224",
      })
  void unknownWordsAreRefused(String option, String message) {
    assertThatThrownBy(() -> parse(option).options())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void aConstantIsGivenOnce() {
    assertThatThrownBy(() -> parse("--constant=a=1", "--constant=a=2").options())
        .hasMessage("--constant gives a constant twice: a=2");
  }

  @Test
  void theOptionsOfAReportAreTakenOver() {
    ImportArguments arguments = parse("--constant=other=1");
    arguments.as(
        Json.read(
            """
            {"shape": {"x": [1, 3]}, "float64": "narrow", "constant": {
              "axes": {"values": "0,1"},
              "w": {"type": "float32", "shape": [2], "values": "0.5,Infinity"},
              "roi": {"type": "float32", "shape": [0], "values": ""}}}
            """),
        Path.of("."));

    ImportOptions options = arguments.options();
    assertThat(options.shapes()).containsEntry("x", List.of(1, 3));
    assertThat(options.narrow()).isTrue();
    Tensor w = Tensor.ofFloats(TensorType.float32(2), 0.5f, Float.POSITIVE_INFINITY);
    assertThat(options.constants())
        .containsOnlyKeys("axes", "w", "roi")
        .containsEntry("axes", new GivenConstant.Values(List.of("0", "1")))
        .containsEntry("w", new GivenConstant.Array(w))
        .containsEntry("roi", new GivenConstant.Array(DType.FLOAT32, List.of(0), Optional.empty()));
  }
}
