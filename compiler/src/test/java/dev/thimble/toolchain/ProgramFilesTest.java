package dev.thimble.toolchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramFilesTest {
  private static final Map<String, String> FILES = files("net.h", "h", "net.c", "c");

  @TempDir private Path folder;

  @Test
  void filesAndTheFoldersAboveThemAreMade() throws IOException {
    Path out = folder.resolve("a/b");
    ProgramFiles.write(out, FILES);
    assertThat(names(out)).containsExactly("net.c", "net.h");
    assertThat(out.resolve("net.c")).hasContent("c");
  }

  @Test
  void earlierFilesAreReplacedAndOthersStay() throws IOException {
    Files.writeString(folder.resolve("net.c"), "old");
    Files.writeString(folder.resolve("main.c"), "mine");
    ProgramFiles.write(folder, FILES);
    assertThat(names(folder)).containsExactly("main.c", "net.c", "net.h");
    assertThat(folder.resolve("net.c")).hasContent("c");
    assertThat(folder.resolve("main.c")).hasContent("mine");
  }

  @Test
  void filesAreAsReadableAsThoseThatOthersWrite() throws IOException {
    ProgramFiles.write(folder, FILES);
    Files.writeString(folder.resolve("other"), "");
    assertThat(Files.getPosixFilePermissions(folder.resolve("net.c")))
        .isEqualTo(Files.getPosixFilePermissions(folder.resolve("other")));
  }

  @Test
  void aFolderInPlaceOfAFileLeavesEverythingAsItWas() throws IOException {
    Files.writeString(folder.resolve("net.h"), "old");
    Files.createDirectory(folder.resolve("net.c"));
    assertThatThrownBy(() -> ProgramFiles.write(folder, FILES))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(folder.resolve("net.c") + ": is a folder; a file is to stand there");
    assertThat(names(folder)).containsExactly("net.c", "net.h");
    assertThat(folder.resolve("net.h")).hasContent("old");
  }

  @Test
  void aFileThatCannotBeWrittenLeavesNothingBehind() {
    Path out = folder.resolve("a/b");
    Map<String, String> impossible = files("net.h", "h", "no/such/folder.c", "c");
    assertThatThrownBy(() -> ProgramFiles.write(out, impossible)).isInstanceOf(IOException.class);
    assertThat(names(folder)).isEmpty();
  }

  @Test
  void aFileInPlaceOfTheFolderIsAnErrorThatNamesIt() throws IOException {
    Path file = Files.writeString(folder.resolve("out"), "mine");
    assertThatThrownBy(() -> ProgramFiles.write(file, FILES))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    assertThatThrownBy(() -> ProgramFiles.write(file.resolve("below"), FILES))
        .isInstanceOf(IOException.class);
    assertThat(names(folder)).containsExactly("out");
    assertThat(file).hasContent("mine");
  }

  private static Map<String, String> files(String... namesAndTexts) {
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      files.put(namesAndTexts[i], namesAndTexts[i + 1]);
    }
    return files;
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
