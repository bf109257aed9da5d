package dev.thimble.codegen;

import dev.thimble.op.Rounding;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** What the C text of kernels tells about programs that hold them. */
public final class KernelText {
  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);

  private record Files(Set<String> names, Rounding rounding) {}

  /** Plans are tried by the dozen, with few sets of kernels. */
  private static final Map<Files, Integer> KNOWN = new ConcurrentHashMap<>();

  private KernelText() {}

  /**
   * The number of C statements and declarations in kernel files and all that they include, each
   * file counted once; the files are named relative to the {@code kernels/} folder.
   */
  public static int statements(Collection<String> files, Rounding rounding) {
    return KNOWN.computeIfAbsent(new Files(new TreeSet<>(files), rounding), KernelText::count);
  }

  private static int count(Files files) {
    KernelSources sources = new KernelSources(files.rounding);
    sources.add("common/tile.h");
    files.names.forEach(sources::add);
    String code = COMMENT.matcher(sources.text()).replaceAll("");
    return (int) code.chars().filter(c -> c == ';').count();
  }
}
