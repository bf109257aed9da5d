package dev.thimble.importer.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Reads the class indices that belong to samples. */
public final class Labels {
  private Labels() {}

  /** {@link #read(Path, int)} of however many classes. */
  public static List<Integer> read(Path labels) {
    return read(labels, Integer.MAX_VALUE);
  }

  /**
   * A class index for each sample: from an {@code .npy} array of integers of shape [N] or [N,1];
   * from a text with one index a line, blank lines aside; or from a folder of samples in
   * sub-folders, in the order in which {@link Samples} reads them. Sub-folders whose names are all
   * numbers name the classes; otherwise the sub-folders are numbered in the order of their names.
   *
   * @param classes how many classes there are, which limits the indices
   * @throws DataException when the labels cannot be read, or one is of no class
   */
  public static List<Integer> read(Path labels, int classes) {
    if (Files.isDirectory(labels)) {
      return ofFolder(labels, classes);
    }
    byte[] bytes = DataFile.bytes(labels);
    return DataFile.extension(labels).equals("npy")
        ? ofArray(labels, Npy.read(labels, bytes), classes)
        : ofText(labels, new String(bytes, StandardCharsets.UTF_8), classes);
  }

  private static List<Integer> ofArray(Path file, NumberArray array, int classes) {
    List<Integer> shape = array.shape();
    boolean column = shape.size() == 2 && shape.get(1) == 1;
    if (array.kind().isFloat() || !(shape.size() == 1 || column)) {
      throw new DataException(
          file, "holds " + array.describe() + "; labels are integers of shape [N]");
    }
    List<Integer> labels = new ArrayList<>(array.elements());
    for (int i = 0; i < array.elements(); i++) {
      labels.add(index(file, "element " + i, Long.toString(array.integer(i)), classes));
    }
    return labels;
  }

  private static List<Integer> ofText(Path file, String text, int classes) {
    List<Integer> labels = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty()) {
        labels.add(index(file, "line " + (i + 1), line, classes));
      }
    }
    if (labels.isEmpty()) {
      throw new DataException(file, "holds no labels; give one class index a line");
    }
    return labels;
  }

  private static int index(Path file, String place, String text, int classes) {
    if (!isIndex(text)) {
      throw new DataException(file, place + ": '" + text + "' is no class index");
    }
    int label = Integer.parseInt(text);
    if (label >= classes) {
      throw new DataException(
          file,
          place
              + ": '"
              + text
              + "' is no class of this network, which has "
              + classes
              + ", from 0 to "
              + (classes - 1));
    }
    return label;
  }

  private static boolean isIndex(String text) {
    return text.matches("[0-9]{1,9}");
  }

  private static List<Integer> ofFolder(Path folder, int classes) {
    List<String> found = new ArrayList<>();
    for (Path file : Folder.files(folder)) {
      String relative = Folder.relative(folder, file);
      int slash = relative.indexOf('/');
      if (slash < 0) {
        throw new DataException(
            folder, "'" + relative + "' lies in no sub-folder; sub-folders name the classes");
      }
      found.add(relative.substring(0, slash));
    }
    List<String> names = new ArrayList<>(new TreeSet<>(found));
    boolean numbers = names.stream().allMatch(Labels::isIndex);
    return found.stream()
        .map(name ->
            index(
                folder,
                "sub-folder '" + name + "'",
                numbers ? name : Integer.toString(names.indexOf(name)),
                classes))
        .toList();
  }
}
