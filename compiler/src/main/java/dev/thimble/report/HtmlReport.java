package dev.thimble.report;

import dev.thimble.quant.QuantizationLoss;
import dev.thimble.report.picture.ArenaPicture;
import dev.thimble.report.picture.HtmlPicture;
import dev.thimble.report.picture.LossPicture;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes a compilation's report as one HTML page that needs no network: the figures, the memory as
 * a picture, and the nodes.
 */
public final class HtmlReport {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#222;--paper:#fff;--free:#f6f6f6;--rule:#ddd;
      --faint:#666;--usage:#c9d6e6;--mark:#b00020;--other:#bbb}
      @media screen and (prefers-color-scheme:dark){:root{--ink:#e6e6e6;--paper:#1b1d20;
      --free:#26292d;--rule:#3d4248;--faint:#a8adb4;--usage:#3a4d66;--mark:#ff7a85;--other:#6a6f76}}
      body{font:14px system-ui,sans-serif;max-width:1200px;margin:2em auto;padding:0 1em;
      color:var(--ink);background:var(--paper);print-color-adjust:exact}
      table{border-collapse:collapse;margin:1em 0}
      td,th{padding:2px 10px;border-bottom:1px solid var(--rule)}
      th{text-align:left}td.n{text-align:right;font-variant-numeric:tabular-nums}
      @media print{svg,tr{break-inside:avoid}h2,h3{break-after:avoid}}
      """;

  private final CompileReport report;
  private final StringBuilder html = new StringBuilder();

  private HtmlReport(CompileReport report) {
    this.report = report;
  }

  /**
   * The page; {@code picture} is of the plan that the report is about, {@code loss} of the
   * quantisation that was made for it.
   */
  public static String write(
      CompileReport report, ArenaPicture picture, Optional<QuantizationLoss> loss) {
    HtmlReport page = new HtmlReport(report);
    page.head();
    page.figures();
    page.html.append(HtmlPicture.write(picture));
    loss.ifPresent(each -> page.html.append(LossPicture.write(each)));
    page.regions();
    page.rewrites();
    page.nodes();
    page.html.append("</body></html>\n");
    return page.html.toString();
  }

  private void head() {
    html.append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<title>" + escape(report.name()) + "</title><style>" + STYLE + HtmlPicture.STYLE)
        .append(LossPicture.STYLE)
        .append("</style></head>")
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
    html.append("</table>\n");
  }

  private void rewrites() {
    html.append("<h2>Rewrites</h2><table>");
    report.rewrites().forEach(r -> row(r.rule(), r.count()));
    html.append("</table>\n");
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
