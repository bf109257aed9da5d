package dev.thimble.report;

import java.util.List;
import java.util.Locale;

/**
 * Writes a compilation's report as one HTML page that needs no network: the figures, a picture of
 * the arena over the steps, and the nodes.
 */
public final class HtmlReport {
  private static final int CHART_WIDTH = 960;
  private static final int CHART_HEIGHT = 320;
  private static final String STYLE =
      """
      body{font:14px system-ui,sans-serif;max-width:980px;margin:2em auto;padding:0 1em;color:#222}
      table{border-collapse:collapse;margin:1em 0}td,th{padding:2px 10px;border-bottom:1px solid #ddd}
      th{text-align:left}td.n{text-align:right;font-variant-numeric:tabular-nums}
      svg{border:1px solid #ccc;background:#fafafa}
      """;

  private final CompileReport report;
  private final StringBuilder html = new StringBuilder();

  private HtmlReport(CompileReport report) {
    this.report = report;
  }

  public static String write(CompileReport report) {
    HtmlReport page = new HtmlReport(report);
    page.head();
    page.figures();
    page.arena();
    page.regions();
    page.nodes();
    page.html.append("</body></html>\n");
    return page.html.toString();
  }

  private void head() {
    html.append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<title>" + escape(report.name()) + "</title><style>" + STYLE + "</style></head>")
        .append("<body><h1>" + escape(report.name()) + "</h1>\n")
        .append("<p>Compiled from " + escape(report.model().name()) + " for ")
        .append(escape(report.target()) + ".</p>\n");
  }

  private void figures() {
    html.append("<table>");
    row("MACs as imported", report.macsSource());
    row("MACs executed", report.macs());
    row("Arena, bytes (" + report.memoryStrategy() + ")", report.arenaBytes());
    row("Largest sum of live bytes", report.arenaLowerBound());
    row("Constants, bytes", report.weightsBytes());
    row("of these filters", report.filtersBytes());
    row("of these biases and requantisation", report.biasRequantBytes());
    html.append("</table><h2>Memory strategies</h2><table>");
    report.alternatives().forEach(a -> row(a.strategy(), a.arenaBytes()));
    html.append("</table><h2>Rewrites</h2><table>");
    report.rewrites().forEach(r -> row(r.rule(), r.count()));
    html.append("</table>\n");
  }

  private void arena() {
    List<CompileReport.BufferRow> buffers = report.buffers();
    int last = buffers.stream().mapToInt(CompileReport.BufferRow::last).max().orElse(0);
    double step = CHART_WIDTH / (last + 2.0);
    double scale = CHART_HEIGHT / (double) Math.max(1, report.arenaBytes());
    html.append(
            "<h2>The arena over the steps</h2><p>From left to right the steps, before the first")
        .append(" and after the last included; from bottom to top the offsets.</p>\n")
        .append(
            "<svg role=\"img\" aria-label=\"Buffers by step and offset\" width=\"" + CHART_WIDTH)
        .append("\" height=\"" + CHART_HEIGHT + "\">\n");
    for (int i = 0; i < buffers.size(); i++) {
      CompileReport.BufferRow b = buffers.get(i);
      html.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"hsl(%d 55%%"
                  + " 65%%)\" stroke=\"#fff\"><title>%s: %d bytes at %d, steps %d to"
                  + " %d</title></rect>\n",
              (b.first() + 1) * step,
              CHART_HEIGHT - (b.offset() + b.bytes()) * scale,
              (b.last() - b.first() + 1) * step,
              b.bytes() * scale,
              i * 137 % 360,
              escape(b.name()),
              b.bytes(),
              b.offset(),
              b.first(),
              b.last()));
    }
    html.append("</svg>\n");
  }

  private void regions() {
    if (!report.regions().isEmpty()) {
      html.append("<h2>Memories</h2><table><tr><th>Name<th>Address<th>Arena, bytes<th>Size, bytes")
          .append("<th>Bytes accessed, estimate</tr>\n");
      for (CompileReport.RegionRow region : report.regions()) {
        String address = region.address() == null ? "" : region.address();
        html.append("<tr><td>" + escape(region.name()) + "<td>" + escape(address))
            .append(number(region.bytesUsed()) + number(region.bytes()))
            .append(number(region.accesses()) + "</tr>\n");
      }
      html.append("</table>\n");
    }
    if (!report.prefetch().isEmpty()) {
      html.append("<h2>Weights copied to the arena</h2><table><tr><th>Node<th>Bytes<th>Offset")
          .append("<th>Begins in step<th>Used in step</tr>\n");
      for (CompileReport.PrefetchRow copy : report.prefetch()) {
        html.append("<tr><td>" + escape(copy.node()) + number(copy.bytes()))
            .append(number(copy.offset()) + number(copy.from()) + number(copy.step()) + "</tr>\n");
      }
      html.append("</table>\n");
    }
  }

  private void nodes() {
    html.append("<h2>Nodes</h2><table><tr><th>Name<th>Op<th>Kernel<th>Output<th>MACs")
        .append("<th>Constants, bytes<th>Streamed</tr>\n");
    for (CompileReport.NodeRow node : report.nodes()) {
      html.append("<tr><td>" + escape(node.name()) + "<td>" + escape(node.op()))
          .append("<td>" + escape(node.kernel()) + "<td>" + node.outputShape())
          .append(number(node.macs()) + number(node.weightsBytes()))
          .append("<td>" + (node.streamed() ? "yes" : "") + "</tr>\n");
    }
    html.append("</table>\n");
  }

  private void row(String name, long value) {
    html.append("<tr><th>" + escape(name) + number(value) + "</tr>");
  }

  private static String number(long value) {
    return "<td class=\"n\">" + String.format(Locale.ROOT, "%,d", value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
