package dev.thimble.cli;

import dev.thimble.ArenaPictures;
import dev.thimble.Compilation;
import dev.thimble.CompileReports;
import dev.thimble.quant.QuantizationLoss;
import dev.thimble.report.CompileReport;
import dev.thimble.report.HtmlReport;
import dev.thimble.report.Json;
import dev.thimble.toolchain.ProgramFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts compilations into folders. */
final class Programs {
  private static final String REPORT = "report.json";
  private static final String PICTURES = "report.html";

  private Programs() {}

  /** The names of the files that are written. */
  static Set<String> files(Compilation compilation) {
    Set<String> files = new LinkedHashSet<>(compilation.program().files().keySet());
    files.add(REPORT);
    files.add(PICTURES);
    return files;
  }

  /** Writes the program and its reports; returns the report. */
  static CompileReport write(
      Compilation compilation, Path model, Path folder, QuantizeArguments quantizing)
      throws IOException {
    return write(compilation, model, folder, quantizing, Optional.empty());
  }

  /** Writes the program and its reports, which picture the loss; returns the report. */
  static CompileReport write(
      Compilation compilation,
      Path model,
      Path folder,
      QuantizeArguments quantizing,
      Optional<QuantizationLoss> loss)
      throws IOException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          folder + " is a file; name a folder with --out, or another program with --name");
    }
    CompileReport report =
        CompileReports.of(
                compilation,
                Optional.of(relative(folder, model)),
                compilation.model().options().weights().map(file -> relative(folder, file)))
            .withQuantization(quantizing.row(folder).orElse(null));
    Map<String, String> files = new LinkedHashMap<>(compilation.program().files());
    files.put(REPORT, Json.write(report));
    files.put(PICTURES, HtmlReport.write(report, ArenaPictures.of(compilation), loss));
    ProgramFiles.write(folder, files);
    return report;
  }

  /** A path that means the same from the folder, with the same separators everywhere. */
  static String relative(Path folder, Path model) {
    Path from = folder.toAbsolutePath().normalize();
    Path to = model.toAbsolutePath().normalize();
    return from.relativize(to).toString().replace('\\', '/');
  }
}
