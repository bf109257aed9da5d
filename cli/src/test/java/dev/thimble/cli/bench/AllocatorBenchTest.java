package dev.thimble.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllocatorBenchTest {
  @TempDir private Path folder;

  @Test
  void buffersWhoseUpperIsTheLowerOfOthersShareMemory() throws IOException {
    AllocatorBench.Row row = solve("turns.7.csv", "0,0,2,5\n1,2,4,7\n");
    assertThat(row.instance()).isEqualTo("turns");
    assertThat(row.buffers()).isEqualTo(2);
    assertThat(row.capacity()).isEqualTo(7);
    assertThat(row.greedy()).isEqualTo(7);
    assertThat(row.size()).isEqualTo(7);
    assertThat(row.optimal()).isTrue();
  }

  @Test
  void buffersInUseTogetherLieApart() throws IOException {
    assertThat(solve("both.12.csv", "0,0,2,5\n1,1,4,7\n").size()).isEqualTo(12);
  }

  @Test
  void aLineThatIsNotMadeOfNumbersIsNamed() {
    assertThatThrownBy(() -> solve("bad.9.csv", "0,0,2,5\n1,x,4,7\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 3");
  }

  @Test
  void belowAFolderOnlyThoseInFoldersCalledMinimallocAreInstances() throws IOException {
    Path inner = Files.createDirectories(folder.resolve("deep/minimalloc"));
    Files.writeString(inner.resolve("A.12.csv"), "");
    Files.writeString(folder.resolve("labels.10.csv"), "");
    assertThat(AllocatorBench.find(folder, true)).containsExactly(inner.resolve("A.12.csv"));
  }

  private AllocatorBench.Row solve(String name, String lines) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "id,lower,upper,size\n" + lines);
    return AllocatorBench.run(List.of(file), progress -> {}).getFirst();
  }
}
