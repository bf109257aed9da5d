package dev.thimble.report.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlPictureTest {
  private static final String EVIL = "<script>alert(\"&\")</script>\u0000\u001b[31m\uD800";
  private static final Pattern RECTANGLE =
      Pattern.compile("M([0-9.]+) ([0-9.]+)h([0-9.]+)v([0-9.]+)h-[0-9.]+z");

  @Test
  void everyAreaOfASmallPictureIsDrawnWhereItLies() throws Exception {
    List<double[]> drawn = rectangles(parse(HtmlPicture.write(Pictures.small("conv"))));
    double column = Frame.PLOT_WIDTH / 5.0;
    assertThat(drawn).hasSize(5);
    // The value "conv": the second and third of five columns, from 40 to 80 percent of the height.
    assertThat(drawn)
        .anySatisfy(r -> {
          assertThat(r[0]).isCloseTo(Frame.LEFT + column, within(0.1));
          assertThat(r[1]).isCloseTo(Frame.TOP + Frame.PLOT_HEIGHT * 0.2, within(0.1));
          assertThat(r[2]).isCloseTo(2 * column, within(0.1));
          assertThat(r[3]).isCloseTo(Frame.PLOT_HEIGHT * 0.4, within(0.1));
        });
  }

  @Test
  void thePeakIsMarkedAndListedLargestFirst() throws Exception {
    String html = HtmlPicture.write(Pictures.small("conv"));
    Element mark = ofClass(parse(html), "line", "mark").getFirst();
    assertThat(Double.parseDouble(mark.getAttribute("x1")))
        .isCloseTo(Frame.LEFT + Frame.PLOT_WIDTH * 0.5, within(0.1));
    assertThat(html).contains("peak: 900 bytes in use, pool of conv");
    assertThat(html.substring(html.indexOf("At the peak: 900 of 1,000")))
        .containsSubsequence(">conv<", ">400<", ">pool<", ">300<", ">pool scratch<", ">200<")
        .containsSubsequence(">free<", ">100<", ">10.0%<")
        .doesNotContain(">image<");
  }

  @Test
  void strategiesStandSideBySideWithTheirNumbers() {
    assertThat(HtmlPicture.write(Pictures.small("conv")))
        .contains("1,400 bytes", "1,000 bytes (-29%), taken");
  }

  @Test
  void hostileNamesAreText() throws Exception {
    String html = HtmlPicture.write(Pictures.small(EVIL));
    assertThat(html).doesNotContain("<script", "\u0000", "\u001b", "\uD800", "href", "src=");
    assertThat(parse(html).getElementsByTagName("script").getLength()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1,20000,30,0", "2,20000,20000,60", "3,5000,700,2000", "4,300,300,10"})
  void howeverManyAreasThePictureStaysSmallAndInItsFrame(
      long seed, int areas, int names, int length) throws Exception {
    ArenaPicture picture = Pictures.random(seed, areas, names, length);
    String html = HtmlPicture.write(picture);
    assertThat(html.getBytes(StandardCharsets.UTF_8).length).isLessThan(300_000);
    assertThat(HtmlPicture.write(picture)).isEqualTo(html);
    List<double[]> drawn = rectangles(parse(html));
    assertThat(drawn).isNotEmpty();
    for (double[] r : drawn) {
      assertThat(r[0]).isGreaterThanOrEqualTo(Frame.LEFT - 0.1);
      assertThat(r[0] + r[2]).isLessThanOrEqualTo(Frame.LEFT + Frame.PLOT_WIDTH + 0.2);
      assertThat(r[1]).isGreaterThanOrEqualTo(Frame.TOP - 0.1);
      assertThat(r[1] + r[3]).isLessThanOrEqualTo(Frame.TOP + Frame.PLOT_HEIGHT + 0.2);
    }
  }

  @Test
  void whatLivesAtThePeakStaysExactWhenOthersAreDrawnInCells() {
    ArenaPicture picture = Pictures.random(5, 20_000, 30, 0);
    List<Held> all = Held.of(picture, 300);
    TimeScale scale = new TimeScale(picture.phases(), Frame.PLOT_WIDTH);
    Shapes shapes = Shapes.of(picture, all, scale, Frame.PLOT_WIDTH, Frame.PLOT_HEIGHT);
    assertThat(shapes.cell()).isPositive();
    for (int i = 0; i < all.size(); i++) {
      for (ArenaPicture.Area area : all.get(i).areas()) {
        if (area.livesAt(picture.peakTick()) && area.bytes() > 100) {
          assertThat(shapes.rectangles().get(i))
              .anyMatch(r ->
                  r.left() <= scale.start(area.firstTick())
                      && r.right() >= scale.start(area.lastTick() + 1)
                      && r.bottom() <= area.offset()
                      && r.top() >= area.end());
        }
      }
    }
  }

  @Test
  void aLongPhaseLeavesRoomForTheShortOnes() {
    List<ArenaPicture.Phase> phases = new ArrayList<>();
    phases.add(new ArenaPicture.Phase("stream", 0, 499));
    for (int i = 500; i < 530; i++) {
      phases.add(new ArenaPicture.Phase("node", i, i));
    }
    TimeScale scale = new TimeScale(phases, 1000);
    assertThat(scale.phaseWidth(30)).isGreaterThan(15);
    for (int tick = 0; tick < 530; tick++) {
      assertThat(scale.tickAt(scale.middle(tick))).isEqualTo(tick);
    }
  }

  @Test
  void whatLiesOutsideTheArenaIsRefused() {
    ArenaPicture small = Pictures.small("conv");
    assertThatThrownBy(
            () -> new ArenaPicture(999, 0, 5, 2, small.phases(), small.areas(), small.strategies()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pool scratch");
  }

  private static Document parse(String html) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }

  private static List<Element> ofClass(Document document, String tag, String name) {
    List<Element> found = new ArrayList<>();
    NodeList nodes = document.getElementsByTagName(tag);
    for (int i = 0; i < nodes.getLength(); i++) {
      Element element = (Element) nodes.item(i);
      if (element.getAttribute("class").equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  /** Left, top, width and height of all that is drawn of areas. */
  private static List<double[]> rectangles(Document document) {
    List<Element> paths = new ArrayList<>(ofClass(document, "path", "area"));
    paths.addAll(ofClass(document, "path", "fine"));
    List<double[]> found = new ArrayList<>();
    for (Element path : paths) {
      Matcher matcher = RECTANGLE.matcher(path.getAttribute("d"));
      while (matcher.find()) {
        double[] numbers = new double[4];
        for (int i = 0; i < 4; i++) {
          numbers[i] = Double.parseDouble(matcher.group(i + 1));
        }
        found.add(numbers);
      }
    }
    return found;
  }
}
