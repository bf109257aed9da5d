package dev.thimble.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.report.picture.Pictures;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  private static final String EVIL = "<script>alert('\"&\"')</script>";
  private static final String ESCAPED = "&lt;script&gt;alert('&quot;&amp;&quot;')&lt;/script&gt;";

  @Test
  void namesAreEscapedWhereverTheyStand() {
    String html = HtmlReport.write(report(EVIL), Pictures.small(EVIL), Optional.empty());
    assertThat(html).doesNotContain("<script>", "alert('\"");
    // Title, heading, model, target, strategy, rule, the node's three, and the picture's.
    assertThat(html.split(Pattern.quote(ESCAPED), -1)).hasSizeGreaterThan(10);
  }

  @Test
  void thePageIsTheSameInEveryLocale() {
    Locale before = Locale.getDefault();
    String html = HtmlReport.write(report("net"), Pictures.small("net"), Optional.empty());
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(HtmlReport.write(report("net"), Pictures.small("net"), Optional.empty()))
          .isEqualTo(html);
    } finally {
      Locale.setDefault(before);
    }
    assertThat(html)
        .contains("<td class=\"n\">1,234,567")
        .contains(
            "<title>net (activation): 400 bytes at 400 to 800, from conv to pool of net</title>")
        .doesNotContain("href", "src=", "@import", "<script", "\r");
  }

  private static CompileReport report(String name) {
    return new CompileReport(
        new CompileReport.Model(name, "tflite", "00", null),
        List.of(),
        List.of(),
        name,
        name,
        null,
        Map.of(),
        1234567,
        1234567,
        0,
        0,
        0,
        null,
        null,
        64,
        new CompileReport.Arena(0, 0, 0, 64, 0, 0),
        64,
        name,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(new CompileReport.NodeRow(name, name, name, List.of(1), 1, 2, null, null, true)),
        List.of(new CompileReport.StepRow(List.of(name), false, 1, 2)),
        List.of(new CompileReport.BufferRow(name, 0, 64, -1, 2)),
        List.of(new CompileReport.RewriteRow(name, 1)),
        List.of(new CompileReport.Alternative(name, 64, null)),
        List.of(new CompileReport.RegionRow(name, 0, 64, 128, "0x20000000", null, 7)),
        List.of(new CompileReport.PrefetchRow(name, 1, 0, 16, 32)),
        null);
  }
}
