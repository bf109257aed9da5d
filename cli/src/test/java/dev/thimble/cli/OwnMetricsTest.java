package dev.thimble.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnMetricsTest {
  private static final String COUNTING =
      """
      public final class Counting implements dev.thimble.Metric {
        private double count;
        public String name() { return "counted"; }
        public void add(Sample sample) { count += sample.outputs().size(); }
        public double value() { return count; }
      }
      """;

  @TempDir Path folder;

  @Test
  void aClassThatIsNamedIsMadeAnewForEachWayOfRunningTheNetwork() throws IOException {
    compile();
    try (OwnMetrics metrics = OwnMetrics.load(List.of(folder + "=Counting"))) {
      Metric first = metrics.make().getFirst();
      first.add(new Metric.Sample(0, List.of(), List.of(new double[1]), 0));
      assertThat(first.value()).isEqualTo(1);
      assertThat(metrics.make().getFirst().value()).isZero();
    }
  }

  @Test
  void whatAFolderOffersAsAServiceIsFound() throws IOException {
    compile();
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve("dev.thimble.Metric"), "Counting\n");
    try (OwnMetrics metrics = OwnMetrics.load(List.of(folder.toString()))) {
      assertThat(metrics.make()).extracting(Metric::name).containsExactly("counted");
    }
  }

  @Test
  void whatIsNoMetricIsRefused() {
    assertThatThrownBy(() -> OwnMetrics.load(List.of("nowhere.jar")))
        .hasMessage("--metric: there is no jar or folder of classes nowhere.jar");
    assertThatThrownBy(() -> OwnMetrics.load(List.of(folder.toString())))
        .hasMessageContaining("offers no metric");
    assertThatThrownBy(() -> OwnMetrics.load(List.of(folder + "=Missing")))
        .hasMessageContaining("there is no class Missing");
    assertThatThrownBy(() -> OwnMetrics.load(List.of(folder + "=java.lang.String")))
        .hasMessage("--metric: java.lang.String does not implement dev.thimble.Metric");
  }

  private void compile() throws IOException {
    Path source = Files.writeString(folder.resolve("Counting.java"), COUNTING);
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-d",
                folder.toString(),
                "-cp",
                Path.of(Metric.class.getProtectionDomain().getCodeSource().getLocation().getPath())
                    .toString(),
                source.toString());
    assertThat(result).isZero();
  }
}
