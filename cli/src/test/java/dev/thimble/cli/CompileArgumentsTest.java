package dev.thimble.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.CompileOptions;
import dev.thimble.Limits;
import dev.thimble.importer.ModelException;
import dev.thimble.op.Rounding;
import dev.thimble.report.Json;
import dev.thimble.schedule.Preference;
import dev.thimble.schedule.Strategy;
import dev.thimble.target.Board;
import dev.thimble.target.BoardWriter;
import dev.thimble.target.Boards;
import dev.thimble.target.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CompileArgumentsTest {
  @Test
  void withoutOptionsTheDefaultsHold() {
    assertThat(parse().options(Target.PORTABLE)).isEqualTo(CompileOptions.DEFAULTS);
  }

  @Test
  void everyOptionIsTaken() {
    CompileOptions options =
        parse(
                "--name=net",
                "--memory=in-place",
                "--prefer=flash",
                "--ram=16K",
                "--flash=64K",
                "--board=stm32f407",
                "--rounding=single",
                "--threshold=0.5")
            .options(Target.CORTEX_M4);
    assertThat(options.name()).contains("net");
    assertThat(options.target()).isEqualTo(Target.CORTEX_M4);
    assertThat(options.memory()).contains(Strategy.IN_PLACE);
    assertThat(options.prefer()).isEqualTo(Preference.FLASH);
    assertThat(options.limits().ram()).isEqualTo(OptionalLong.of(16384));
    assertThat(options.limits().flash()).isEqualTo(OptionalLong.of(65536));
    assertThat(options.limits().board()).contains(Boards.ofName("stm32f407-discovery"));
    assertThat(options.rounding()).isEqualTo(Rounding.SINGLE);
    assertThat(options.decision().threshold()).isEqualTo(OptionalDouble.of(0.5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--memory=heap | --memory 'heap' is unknown; choose one of naive, ping-pong, greedy,"
            + " in-place, fused-pool, overlap, stream",
        "--prefer=Ram | --prefer 'Ram' is unknown; choose one of balanced, speed, ram, flash",
        "--rounding=up | --rounding 'up' is unknown; choose one of double, single, float",
        "--ram=much | --ram 'much' is no size; write bytes, or a number with K or M",
      })
  void unknownWordsAreRefusedWithThoseThatAreKnown(String option, String message) {
    assertThatThrownBy(() -> parse(option).options(Target.PORTABLE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void classifyAndThresholdExcludeEachOther() {
    assertThatThrownBy(() -> parse("--classify", "--threshold=0.5").options(Target.PORTABLE))
        .hasMessage("--classify and --threshold exclude each other");
  }

  @Test
  void theOptionsOfAReportAreTakenOver() {
    CompileOptions options =
        parse("--memory=naive", "--classify")
            .as(
                Json.read(
                    """
                    {"name": "net", "options": {"target": "portable", "rounding": "single",
                     "prefer": "ram", "ram": 16384, "threshold": 0.25}}
                    """),
                Path.of(""))
            .options(Target.PORTABLE);
    assertThat(options.name()).contains("net");
    assertThat(options.memory()).isEmpty();
    assertThat(options.prefer()).isEqualTo(Preference.RAM);
    assertThat(options.limits().ram()).isEqualTo(OptionalLong.of(16384));
    assertThat(options.rounding()).isEqualTo(Rounding.SINGLE);
    assertThat(options.decision())
        .isEqualTo(new CompileOptions.Decision(false, OptionalDouble.of(0.25)));
  }

  @Test
  void theBoardOfAReportAndItsLimitsAreTakenOver() {
    Board board = Boards.ofName("hifive1-revb");
    String report =
        Json.write(
            Map.of(
                "name",
                "net",
                "options",
                Map.of("board", BoardWriter.fields(board), "ram", 9000, "flash", 50_000)));
    Limits limits = parse().as(Json.read(report), Path.of("")).options(Target.PORTABLE).limits();
    assertThat(limits.ram()).isEqualTo(OptionalLong.of(9000));
    assertThat(limits.board()).contains(board);
    assertThat(limits.flash()).isEqualTo(OptionalLong.of(50_000));
  }

  @Test
  void weightsThatAReportNamesAreReadFromItsFolderOn() {
    CompileArguments arguments =
        parse()
            .as(
                Json.read("{\"name\": \"net\", \"options\": {\"weights\": \"../w.pth\"}}"),
                Path.of("folder"));
    assertThat(arguments.given()).isTrue();
    assertThat(parse("--weights=w.pth").given()).isTrue();
    Path model = Path.of(System.getProperty("thimble.root")).resolve("examples/pytorch/gru.pt2");
    assertThatThrownBy(() -> arguments.read(model))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(Path.of("folder", "..", "w.pth") + ": file: does not exist");
  }

  @Test
  void roundingAsFloatsIsForFormatsThatStateFloatsBetweenQuantisations() {
    Path examples = Path.of(System.getProperty("thimble.root")).resolve("examples");
    CompileArguments arguments = parse("--rounding=float");
    assertThat(arguments.options(Target.PORTABLE).rounding()).isEqualTo(Rounding.DOUBLE);
    assertThatThrownBy(() -> arguments.read(examples.resolve("digits/lenet5_int8.tflite")))
        .hasMessage(
            "--rounding float is for ONNX and PyTorch files, which state floats between"
                + " quantisations; choose double or single");
    assertThat(arguments.read(examples.resolve("pytorch/lenet_qat.pt2")).format()).isEqualTo("pt2");
  }

  @Test
  void aBoardImpliesTheTarget() {
    BoardArgument board = parse("--board=Pico").board();
    assertThat(board.targets(List.of(), Target.PORTABLE)).containsExactly(Target.CORTEX_M0PLUS);
    assertThat(board.targets(List.of("m0+"), Target.PORTABLE))
        .containsExactly(Target.CORTEX_M0PLUS);
    assertThat(parse().board().targets(List.of(), Target.CORTEX_M4))
        .containsExactly(Target.CORTEX_M4);
    assertThat(parse().board().targets(List.of("m3", "m7"), Target.CORTEX_M4))
        .containsExactly(Target.CORTEX_M3, Target.CORTEX_M7);
  }

  @Test
  void aTargetThatContradictsTheBoardIsRefused() {
    assertThatThrownBy(
            () -> parse("--board=pico").board().targets(List.of("cortex-m4"), Target.PORTABLE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "--target cortex-m4 contradicts --board pico, which is a cortex-m0plus; leave one of"
                + " them away");
  }

  @Test
  void aFileDescribesABoard(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("mine.JSON");
    Files.writeString(file, Json.write(BoardWriter.fields(Boards.ofName("pico"))));
    assertThat(parse("--board=" + file).board().board()).contains(Boards.ofName("pico"));
    Files.write(file, new byte[] {(byte) 0xff});
    assertThatThrownBy(() -> BoardArgument.board(file.toString()))
        .hasMessage(file + " is no board description: not UTF-8 text");
  }

  private static CompileArguments parse(String... args) {
    Holder holder = new Holder();
    new CommandLine(holder).parseArgs(args);
    return holder.arguments;
  }

  @Command(name = "test")
  private static final class Holder {
    @CommandLine.Mixin private CompileArguments arguments = new CompileArguments();
  }
}
