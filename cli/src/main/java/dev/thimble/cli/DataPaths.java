package dev.thimble.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code DATA} or {@code NAME=DATA} of the command line, as a report in some folder records it. */
final class DataPaths {
  private DataPaths() {}

  /** The files and folders that such data name. */
  static List<Path> files(@Nullable List<String> data) {
    return data == null
        ? List.of()
        : data.stream()
            .map(each ->
                Files.exists(Path.of(each))
                    ? Path.of(each)
                    : Path.of(each.substring(each.indexOf('=') + 1)))
            .toList();
  }

  /** The same with a path that holds from the folder on. */
  static String relative(String data, Path folder) {
    int name = Files.exists(Path.of(data)) ? 0 : data.indexOf('=') + 1;
    return data.substring(0, name) + Programs.relative(folder, Path.of(data.substring(name)));
  }

  /** What {@link #relative} recorded in the folder, with a path that holds from here on. */
  static String absolute(String data, Path folder) {
    int name = data.indexOf('=') + 1;
    Path whole = folder.resolve(data);
    return name == 0 || Files.exists(whole)
        ? whole.toString()
        : data.substring(0, name) + folder.resolve(data.substring(name));
  }
}
