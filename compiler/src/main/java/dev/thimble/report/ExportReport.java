package dev.thimble.report;

import java.util.List;
import java.util.Map;

/**
 * What {@code export --json} prints.
 *
 * @param format the format that was written
 * @param file where
 * @param bytes the file's size
 * @param files the names of all files that were written, in the folder of the first
 * @param nodes how many nodes of each kind the network has
 */
public record ExportReport(
    CompileReport.Model model,
    String format,
    String file,
    long bytes,
    List<String> files,
    Map<String, Integer> nodes) {
  public ExportReport {
    files = List.copyOf(files);
  }
}
