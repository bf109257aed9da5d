package dev.thimble.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.thimble.graph.Graph;
import dev.thimble.graph.GraphParser;
import dev.thimble.graph.GraphPrinter;
import dev.thimble.op.Rounding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * One graph a file, before and after: {@code rewrite/NAME.in} names the rules in its first line,
 * {@code rewrite/NAME.out} is what they make of it, and both compute the same. With {@code
 * -Dthimble.update=FOLDER} the {@code .out} files are written to that folder instead.
 */
class RuleFilesTest {
  private static final String RULES = "# rules: ";

  @TestFactory
  Stream<DynamicTest> rulesMakeOfEachGraphWhatItsFileSays() {
    return inputs().stream().map(file -> dynamicTest(nameOf(file), () -> check(file)));
  }

  @Test
  void everyRuleHasAFile() {
    List<String> named = inputs().stream().flatMap(file -> rules(read(file)).stream()).toList();
    assertThat(Rewriter.standard()).allMatch(rule -> named.contains(rule.name()));
  }

  private static void check(Path file) {
    String text = read(file);
    Graph before = GraphParser.parse(text);
    List<Rule> rules =
        Rewriter.standard().stream().filter(rule -> rules(text).contains(rule.name())).toList();
    assertThat(rules).hasSameSizeAs(rules(text));
    Graph after = Rewriter.run(before, rules, RewriteOptions.of(Rounding.DOUBLE)).graph();
    Rewritten.assertSame(before, after, Rounding.DOUBLE, 3, rules.stream().allMatch(Rule::exact));
    String printed = GraphPrinter.print(after);
    String update = System.getProperty("thimble.update");
    if (update != null) {
      write(Path.of(update, nameOf(file) + ".out"), printed);
      return;
    }
    assertThat(printed).isEqualTo(read(file.resolveSibling(nameOf(file) + ".out")));
  }

  private static List<String> rules(String text) {
    String first = text.lines().findFirst().orElseThrow();
    assertThat(first).startsWith(RULES);
    return List.of(first.substring(RULES.length()).split(" "));
  }

  private static String nameOf(Path file) {
    return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
  }

  private static List<Path> inputs() {
    URL folder = Objects.requireNonNull(RuleFilesTest.class.getResource("/rewrite"));
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files.filter(file -> file.toString().endsWith(".in")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
