package dev.thimble.toolchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountsFileTest {
  private static final String TOTAL =
      "total instructions 1000 cycles 1200 loads 50 stores 20 unaligned 1 elements 0 stack 88\n";
  private static final String NODE =
      "node 3 instructions 10 cycles 12 loads 5 stores 2 unaligned 0 elements 16\n";
  private static final String REGION =
      "region flash loads 40 stores 0 load_bytes 160 store_bytes 0\n";
  private static final String WHOLE = "windows 1 closed 1\n";

  @TempDir private Path folder;

  @Test
  void totalsNodesAndRegionsAreRead() throws IOException {
    CountsFile counts = read("basis a model; no wait states\n" + TOTAL + NODE + REGION + WHOLE);
    assertThat(counts.cyclesBasis()).contains("a model; no wait states");
    assertThat(counts.total()).isEqualTo(new Profile.Counts(1000, 1200, 50, 20, 1, 0));
    assertThat(counts.stackBytes()).isEqualTo(88);
    assertThat(counts.functions()).containsOnlyKeys(3);
    assertThat(counts.functions().get(3)).isEqualTo(new Profile.Counts(10, 12, 5, 2, 0, 16));
    assertThat(counts.regions()).containsExactly(new Profile.Region("flash", 40, 0, 160, 0));
  }

  @Test
  void withoutAModelOfTheCoreCyclesHaveNoBasis() throws IOException {
    assertThat(read(TOTAL + WHOLE).cyclesBasis()).isEmpty();
  }

  @Test
  void aFileThatIsNotWholeIsRefused() {
    String message = "the counting plugin wrote no whole counts; is QEMU older than 7.2?";
    for (String text : new String[] {"", TOTAL, TOTAL + "windows 2 closed 2\n"}) {
      assertThatThrownBy(() -> read(text)).isInstanceOf(ToolException.class).hasMessage(message);
    }
    assertThatThrownBy(() -> CountsFile.read(folder.resolve("absent"))).hasMessage(message);
  }

  @Test
  void aMissingCountIsNamed() {
    assertThatThrownBy(() -> read(NODE + WHOLE))
        .isInstanceOf(ToolException.class)
        .hasMessage("the counting plugin counted no instructions");
    assertThatThrownBy(() -> read(TOTAL.replace("stack", "heap") + WHOLE))
        .hasMessage("the counting plugin counted no stack");
  }

  private CountsFile read(String text) throws IOException {
    return CountsFile.read(Files.writeString(folder.resolve("counts.txt"), text));
  }
}
