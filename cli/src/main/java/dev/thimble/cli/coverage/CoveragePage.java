package dev.thimble.cli.coverage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The page that says what became of every model. The same results give the same bytes. */
final class CoveragePage {
  private static final Pattern KIND = Pattern.compile("\\(([A-Za-z_0-9. :\"]+)\\)");
  private static final Pattern FOUND = Pattern.compile("found ([^;]*)");
  private static final int MAX_FOUND = 70;

  private final StringBuilder page = new StringBuilder();

  private CoveragePage() {}

  static String write(List<ModelResult> results) {
    CoveragePage page = new CoveragePage();
    page.intro();
    page.totals(results);
    page.agreement(results);
    page.reasons(results);
    page.models(results);
    return page.page.toString();
  }

  private void intro() {
    page.append(
        """
        # Coverage

        What becomes of every model in a collection of other people's files; `./thimble coverage`
        writes this page. *Verified*: the generated C, built and run on the host, computes every
        value as the reference evaluation of the network does; beside it stands how the outputs
        compare with those of TensorFlow Lite's reference kernels (or its optimised ones, where
        those agree and these do not), or of ONNX Runtime without optimisations: for two runs,
        states carried from the first to the second, on random inputs
        for which the operators are defined (indices within their axis, integer powers that fit). A
        relative error is the largest difference by the largest number, by 1 for what a sigmoid or
        softmax returns. *Refused*: Thimble says what it does not support, all of it in one message,
        and writes nothing. *No model*: an HDF5 file that holds recorded inputs and outputs, or
        weights alone. Files that are written with QDQ pairs, ONNX's quantised operators (QOperator)
        or QONNX are marked; here they compute with the floats that they state (`--rounding float`),
        and docs/quantized-models.md tells what becomes of them as integers. *With ... given*:
        operands that must be constant are inputs of this file; they were taken from the recording
        beside it (`--constant`). *With float64 narrowed*: the file computes with float64, the C with
        float32 (`--float64 narrow`).

        """);
  }

  private void totals(List<ModelResult> results) {
    page.append("## By format\n\n| format | files |");
    for (ModelResult.Status status : ModelResult.Status.values()) {
      page.append(' ').append(status.text()).append(" |");
    }
    page.append("\n|---|---:|");
    page.append("---:|".repeat(ModelResult.Status.values().length)).append('\n');
    Map<String, List<ModelResult>> groups = new TreeMap<>();
    for (ModelResult result : results) {
      String family = result.family().isEmpty() ? "" : ", " + result.family();
      groups.computeIfAbsent(result.format() + family, key -> new ArrayList<>()).add(result);
    }
    groups.forEach(this::total);
    total("**all**", results);
    page.append('\n');
  }

  private void total(String name, List<ModelResult> results) {
    page.append("| ").append(name).append(" | ").append(results.size()).append(" |");
    for (ModelResult.Status status : ModelResult.Status.values()) {
      page.append(' ')
          .append(results.stream().filter(result -> result.status() == status).count())
          .append(" |");
    }
    page.append('\n');
  }

  private void agreement(List<ModelResult> results) {
    Map<String, Integer> counts = new TreeMap<>();
    for (ModelResult result : results) {
      if (result.status() == ModelResult.Status.VERIFIED) {
        counts.merge(result.format() + ": " + peer(result), 1, Integer::sum);
      }
    }
    page.append("## Verified models beside other runtimes\n\n| agreement | models |\n|---|---:|\n");
    counts.forEach((text, count) -> row(cell(text), "" + count));
    page.append('\n');
  }

  private static String peer(ModelResult result) {
    String peer = result.peer();
    return peer == null ? "no peer reads it" : peer.startsWith("none: ") ? "the peer fails" : peer;
  }

  private void reasons(List<ModelResult> results) {
    Map<String, Integer> counts = new TreeMap<>();
    for (ModelResult result : results) {
      if (result.status() == ModelResult.Status.REFUSED) {
        Set<String> kinds = new HashSet<>();
        result.reasons().forEach(reason -> kinds.add(kind(reason)));
        kinds.forEach(kind -> counts.merge(result.format() + ": " + kind, 1, Integer::sum));
      }
    }
    page.append("## Refused, by reason\n\nA model counts once for each of its reasons.\n\n");
    page.append("| reason | models |\n|---|---:|\n");
    counts.entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<String, Integer> entry) -> -entry.getValue())
                .thenComparing(Map.Entry::getKey))
        .forEach(entry -> row(cell(entry.getKey()), "" + entry.getValue()));
    page.append('\n');
  }

  /** A reason without the names of one model: the operator or layer, and what was found. */
  static String kind(String reason) {
    Matcher kind = KIND.matcher(reason);
    Matcher found = FOUND.matcher(reason);
    String what = found.find() ? found.group(1) : reason;
    String general =
        what.replaceAll("'[^']*'", "'…'")
            .replaceAll("\\[[-0-9, ]*\\]", "[…]")
            .replaceAll("[0-9.e-]*[0-9]{3,}[0-9.e-]*", "…");
    String shown = general.length() > MAX_FOUND ? general.substring(0, MAX_FOUND) + "…" : general;
    return kind.find() ? kind.group(1) + ": " + shown : shown;
  }

  private void models(List<ModelResult> results) {
    page.append("## Models\n\n");
    String folder = "";
    for (ModelResult result : results) {
      int slash = result.name().lastIndexOf('/');
      String here = slash < 0 ? "" : result.name().substring(0, slash);
      if (!here.equals(folder)) {
        page.append(folder.isEmpty() ? "" : "\n").append("### ").append(here).append("\n\n");
        folder = here;
      }
      model(result, result.name().substring(slash + 1));
    }
  }

  private void model(ModelResult result, String name) {
    page.append("- `").append(name).append('`');
    if (!result.family().isEmpty()) {
      page.append(" (").append(result.family()).append(')');
    }
    page.append(": **").append(result.status().text()).append("**");
    page.append(told(result));
    if (result.nodes() > 0) {
      page.append(", ").append(result.nodes()).append(result.nodes() == 1 ? " node" : " nodes");
    }
    String peer = result.peer();
    if (peer != null) {
      page.append("; ").append(result.format().equals("onnx") ? "ONNX Runtime" : "TensorFlow Lite");
      page.append(": ").append(cell(peer));
    }
    page.append('\n');
    if (result.status() != ModelResult.Status.NO_MODEL) {
      result.reasons().forEach(reason -> page.append("  - ").append(cell(reason)).append('\n'));
    }
  }

  /** What the import was told besides the file. */
  private static String told(ModelResult result) {
    String inputs =
        result.constants().stream()
            .map(input -> "`" + cell(input) + "`")
            .collect(Collectors.joining(", "));
    return (inputs.isEmpty() ? "" : " with " + inputs + " given")
        + (result.narrow() ? " with float64 narrowed" : "");
  }

  private void row(String first, String second) {
    page.append("| ").append(first).append(" | ").append(second).append(" |\n");
  }

  /** Text as Markdown shows it, in a table too. */
  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ");
  }
}
