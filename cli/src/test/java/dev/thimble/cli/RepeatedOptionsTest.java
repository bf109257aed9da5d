package dev.thimble.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class RepeatedOptionsTest {
  @Test
  void everyOptionOfOneValueIsRefusedTwice() {
    int options = 0;
    CommandLine main = Main.commandLine();
    for (CommandLine command : main.getSubcommands().values()) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        if (option.isMultiValue() || option.usageHelp() || option.versionHelp()) {
          continue;
        }
        List<String> line = new ArrayList<>(List.of(command.getCommandName()));
        String value = option.arity().min() == 0 ? "" : "=" + value(option);
        line.add(option.longestName() + value);
        line.add(option.longestName() + value);
        assertThat(refused(main, line))
            .as(String.join(" ", line))
            .isEqualTo("thimble: " + option.longestName() + " is given twice; give it once");
        options++;
      }
    }
    assertThat(options).isGreaterThan(100);
  }

  private static String value(OptionSpec option) {
    return option.type() == double.class || option.type() == String.class ? "x1" : "1";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          compile --precision int8 --precision int4 | --precision is given twice, 'int8' and 'int4'; give one of them
          compile --precision a=int8 --precision int8 --precision a=int16 | --precision is given twice, 'a=int8' and 'a=int16'; give one of them for 'a'
          compile --precision a=b=int8 --precision a=b=int8 | --precision is given twice, 'a=b=int8' and 'a=b=int8'; give one of them for 'a=b'
          compile --calibrate a.npy --calibrate b.npy | --calibrate is given twice, 'a.npy' and 'b.npy'; give one of them, or NAME=DATA for each input of the network
          evaluate --data a.npy --data a.npy | --data is given twice, 'a.npy' and 'a.npy'; give one of them, or NAME=DATA for each input of the network
          verify --inputs a --inputs b | --inputs is given twice, 'a' and 'b'; give one of them, or NAME=DATA for each input of the network
          inspect --memory --memory greedy | --memory is given twice; give it once
          compile --name a --name b | --name is given twice; give it once
          """)
  void valuesForTheSameThingAreRefused(String line, String message) {
    List<String> words = new ArrayList<>(List.of(line.strip().split(" ")));
    words.add("net.tflite");
    assertThat(refused(words)).isEqualTo("thimble: " + message);
  }

  @Test
  void whatIsForSeveralThingsIsRepeated() {
    for (String line :
        List.of(
            "compile --precision int8 --precision a=int16 --precision b=int16",
            "compile --shape a=1,2 --shape b=1,2 --constant c=1 --constant d=1",
            "compile --calibrate a=x.npy --calibrate b=x.npy",
            "verify --target rv32imc --target cortex-m4",
            "estimate --board pico --board pico2")) {
      List<String> words = new ArrayList<>(List.of(line.split(" ")));
      words.add("no-such.tflite");
      assertThat(refused(words)).as(line).doesNotContain("given twice").contains("no-such.tflite");
    }
  }

  private static String refused(List<String> words) {
    return refused(Main.commandLine(), words);
  }

  private static String refused(CommandLine line, List<String> words) {
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(new StringWriter(), true));
    line.setErr(new PrintWriter(err, true));
    assertThat(line.execute(words.toArray(String[]::new))).as(words.toString()).isEqualTo(2);
    return err.toString().strip();
  }
}
