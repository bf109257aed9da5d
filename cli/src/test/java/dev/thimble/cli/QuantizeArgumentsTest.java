package dev.thimble.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.CompileOptions;
import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.graph.Program;
import dev.thimble.importer.ImportedModel;
import dev.thimble.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class QuantizeArgumentsTest {
  private static final ImportedModel MODEL =
      model(
          """
          input "x": f32[1,4]
          node "y": f32[1,4] = Unary(function=RELU) "x"
          output "y"
          """);

  private static final ImportedModel STORED =
      model(
          """
          input "x": i8[1,4] scale 0.5 zero_point 3
          node "y": i8[1,4] scale 0.5 zero_point 3 = Unary(function=RELU) "x"
          output "y"
          """);

  @Test
  void aFloatNetworkStaysFloatUnlessAskedOtherwise() {
    assertThat(parse().apply(MODEL)).isSameAs(MODEL);
    assertThat(parse("--precision", "float32").apply(MODEL)).isSameAs(MODEL);
  }

  @Test
  void randomSamplesMakeAnInt8Network() {
    QuantizeArguments arguments = parse("--calibrate", "random");
    ImportedModel made = arguments.apply(MODEL);
    assertThat(made.inputs().getFirst().value().type().dtype()).isEqualTo(DType.INT8);
    assertThat(arguments.apply(MODEL)).isSameAs(made);
  }

  @Test
  void int8WithoutSamplesIsRefusedWithTheRemedy() {
    assertThatThrownBy(() -> parse("--precision", "int8").apply(MODEL))
        .hasMessageEndingWith(
            "is a float network; add --calibrate DATA with samples of its input (or --calibrate"
                + " random, to see memory and time only)");
  }

  @Test
  void fewerBitsNeedAFloatNetworkAndSamples() {
    assertThatThrownBy(() -> parse("--precision", "int4").apply(MODEL))
        .hasMessageContaining("is a float network; add --calibrate DATA");
    assertThatThrownBy(() -> parse("--precision", "binary").apply(STORED))
        .hasMessageEndingWith(
            "is quantised already; give the float network, and samples, for --precision binary");
  }

  @Test
  void mixedPrecisionNeedsALimit() {
    QuantizeArguments mixed = parse("--calibrate", "random", "--precision", "mixed");
    assertThatThrownBy(() -> mixed.apply(MODEL))
        .hasMessage("--precision mixed needs --max-loss PERCENT where no program is made");
    mixed.within(CompileOptions.DEFAULTS);
    assertThatThrownBy(() -> mixed.apply(MODEL))
        .hasMessage(
            "--precision mixed needs --flash SIZE (or --board), --max-loss PERCENT, or both");
    ImportedModel made =
        parse("--calibrate", "random", "--precision", "mixed", "--max-loss", "1").apply(MODEL);
    assertThat(made.inputs().getFirst().value().type().dtype()).isEqualTo(DType.INT8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "-1", "200"})
  void aLossIsAPartOfAHundred(String percent) {
    QuantizeArguments arguments =
        parse("--calibrate", "random", "--precision", "mixed", "--max-loss", percent);
    assertThatThrownBy(() -> arguments.apply(MODEL))
        .hasMessage("--max-loss must be from 0 to 100, was " + Double.valueOf(percent));
  }

  @Test
  void aLossIsForMixedPrecision() {
    assertThatThrownBy(() -> parse("--calibrate", "random", "--max-loss", "5").apply(MODEL))
        .hasMessage("--max-loss is for --precision mixed; add that, or leave --max-loss away");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--calibrator mse", "--quality best", "--equalize on", "--io float"})
  void whatSaysHowToQuantiseNeedsSamplesAndAFloatNetwork(String words) {
    String option = words.equals("--io float") ? words : words.split(" ", -1)[0];
    assertThatThrownBy(() -> parse(words.split(" ", -1)).apply(MODEL))
        .hasMessage(
            option
                + " is for networks that --calibrate quantises; add --calibrate DATA with samples"
                + " of its input, or leave "
                + option
                + " away");
    assertThatThrownBy(() -> parse(words.split(" ", -1)).apply(STORED))
        .hasMessage(
            option + " is for networks that --calibrate quantises; this one is quantised already");
  }

  @Test
  void contradictionsAreRefused() {
    assertThatThrownBy(() -> parse("--calibrate", "random", "--precision", "float32").apply(MODEL))
        .hasMessageContaining("contradicts --calibrate");
    assertThatThrownBy(() -> parse("--precision", "float32").apply(STORED))
        .hasMessageEndingWith("is quantised; give the float network for --precision float32");
    assertThatThrownBy(() -> parse("--calibrate", "random").apply(STORED))
        .hasMessageEndingWith("is quantised already; it is compiled as it is, without --calibrate");
    assertThatThrownBy(() -> parse("--calibrator", "none", "--calibrate", "random").apply(MODEL))
        .hasMessage(
            "--calibrator 'none' is unknown; choose one of min-max, moving-average, percentile,"
                + " entropy, mse, auto");
    assertThatThrownBy(() -> parse("--mean", "1,x").apply(MODEL))
        .hasMessage("--mean '1,x': 'x' is no number");
    assertThatThrownBy(() -> parse("--std", "1,0").apply(MODEL))
        .hasMessage("--std '1,0': nothing is divided by 0");
    assertThatThrownBy(() -> parse("--std", "nan").apply(MODEL))
        .hasMessageStartingWith("--std 'nan': ");
    assertThatThrownBy(() -> parse("--mean", "Infinity").apply(MODEL))
        .hasMessage("--mean 'Infinity': 'Infinity' is not finite");
    assertThatThrownBy(() -> parse("--input-range", "1,1").apply(MODEL))
        .hasMessage("--input-range '1,1': its ends must differ, such as -1,1");
  }

  @Test
  void activationsOfInt16AreAskedForAsAWholeOrByNode() {
    ImportedModel whole = parse("--calibrate", "random", "--precision", "int16").apply(MODEL);
    assertThat(whole.inputs().getFirst().value().type().dtype()).isEqualTo(DType.INT16);
    assertThat(whole.outputs().getFirst().value().type().dtype()).isEqualTo(DType.INT16);
    ImportedModel part = parse("--calibrate", "random", "--precision", "y=int16").apply(MODEL);
    assertThat(part.inputs().getFirst().value().type().dtype()).isEqualTo(DType.INT8);
    assertThat(part.outputs().getFirst().value().type().dtype()).isEqualTo(DType.INT16);
  }

  @Test
  void precisionsOfNodesAreCheckedWordForWord() {
    assertThatThrownBy(() -> parse("--calibrate", "random", "--precision", "z=int16").apply(MODEL))
        .hasMessage("there is no node 'z' to give a precision; there are: 'x', 'y'");
    assertThatThrownBy(() -> parse("--calibrate", "random", "--precision", "y=int12").apply(MODEL))
        .hasMessage(
            "--precision y 'int12' is unknown; choose one of float32, int16, int8, int4, int2,"
                + " binary");
    assertThatThrownBy(() -> parse("--precision", "y=int16").apply(MODEL))
        .hasMessage(
            "--precision y=int16 is for networks that --calibrate quantises; add --calibrate DATA"
                + " with samples of its input, or leave --precision y=int16 away");
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "auto:0", "auto:-1", "auto:101", "auto:x", "5"})
  void aSearchForInt16HasABudget(String text) {
    assertThatThrownBy(() -> parse("--calibrate", "random", "--int16", text).apply(MODEL))
        .hasMessage(
            "--int16 '" + text + "' is unknown; give auto, or auto:PERCENT with up to 100 percent");
  }

  @Test
  void aSearchForInt16NeedsAnInt8Network() {
    assertThatThrownBy(() ->
            parse("--calibrate", "random", "--int16", "auto", "--precision", "int16").apply(MODEL))
        .hasMessage(
            "--int16 chooses activations of an int8 network; with --precision int16 all are int16");
    assertThatThrownBy(() -> parse("--int16", "auto").apply(MODEL))
        .hasMessageStartingWith("--int16 is for networks that --calibrate quantises");
    QuantizeArguments arguments = parse("--calibrate", "random", "--int16", "auto:100");
    arguments.apply(MODEL);
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    arguments.print(new PrintStream(told, true, StandardCharsets.UTF_8), MODEL);
    assertThat(told.toString(StandardCharsets.UTF_8)).contains("int16:");
  }

  @Test
  void filtersAloneNeedNoSamples() {
    ImportedModel matrix =
        model(
            """
            input "x": f32[1,2]
            const "w": f32[2,2] = [1.0, 0.5, -1.0, 0.25]
            const "b": f32[2] = [0.0, 1.0]
            node "y": f32[1,2] = FullyConnected(keepAxes=false, activation=NONE) "x", "w", "b"
            output "y"
            """);
    QuantizeArguments arguments = parse("--precision", "weights-int8");
    ImportedModel made = arguments.apply(matrix);
    assertThat(made.outputs().getFirst().value().type().isFloat()).isTrue();
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    arguments.print(new PrintStream(told, true, StandardCharsets.UTF_8), matrix);
    assertThat(told.toString(StandardCharsets.UTF_8))
        .startsWith("all is computed in float32, filters as int8");
    assertThatThrownBy(
            () -> parse("--precision", "weights-int8", "--calibrate", "random").apply(matrix))
        .hasMessage(
            "--precision weights-int8 takes nothing from samples; leave --calibrate away, or"
                + " choose a precision of activations");
    assertThatThrownBy(() -> parse("--precision", "weights-int4").apply(STORED))
        .hasMessageEndingWith(
            "is quantised already; give the float network for filters of few bits alone");
  }

  @Test
  void nothingIsSaidToBeQuantisedWhereNothingWas() {
    ImportedModel integers =
        model(
            """
            input "x": i32[1,4]
            node "y": i32[1,4] = Unary(function=ABS) "x"
            output "y"
            """);
    QuantizeArguments arguments = parse("--calibrate", "random");
    arguments.apply(integers);
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    arguments.print(new PrintStream(told, true, StandardCharsets.UTF_8), integers);
    assertThat(told.toString(StandardCharsets.UTF_8).strip())
        .isEqualTo("nothing was quantised: no node takes int8 in the place of float32");
  }

  private static QuantizeArguments parse(String... args) {
    Command command = new Command();
    new CommandLine(command).parseArgs(args);
    return command.arguments;
  }

  private static final class Command {
    @CommandLine.Mixin private QuantizeArguments arguments = new QuantizeArguments();
  }

  private static ImportedModel model(String text) {
    Graph graph = GraphParser.parse(text);
    return ImportedModel.of(new Program(graph.name(), List.of(graph)), "tflite", "00ff");
  }
}
