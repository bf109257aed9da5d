package dev.thimble.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.tensor.DType;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterTextTest {
  @Test
  void fieldsOfAnInnerStructureStandInBracesOfTheirOwn() {
    ParameterList list = new ParameterList();
    list.inside("convolution")
        .table("filter", Parameter.Role.FILTER, DType.INT8, new int[] {1, -2})
        .uint16("groups", 1);
    list.uint16("pool_height", 2).float32("min", Float.NEGATIVE_INFINITY);
    assertThat(ParameterText.initializer(list.toList(), table -> "net_filter_0", false))
        .isEqualTo(
            """
            {
              { /* convolution */
                net_filter_0, /* filter */
                1, /* groups */
              },
              2, /* pool_height */
              -INFINITY, /* min */
            }\
            """);
  }

  @Test
  void structuresWithinInnerStructuresAreTooInBracesOfTheirOwn() {
    ParameterList list = new ParameterList();
    ParameterList convolution = list.inside("convolution");
    convolution.inside("filters").uint16("quads", 1).uint16("singles", 2);
    convolution.uint16("groups", 3);
    list.inside("other").inside("filters").uint16("quads", 4);
    assertThat(ParameterText.initializer(list.toList(), table -> "none", false))
        .isEqualTo(
            """
            {
              { /* convolution */
                { /* filters */
                  1, /* quads */
                  2, /* singles */
                },
                3, /* groups */
              },
              { /* other */
                { /* filters */
                  4, /* quads */
                },
              },
            }\
            """);
  }

  @Test
  void tablesAreBrokenIntoLinesThatFitAndDeclaredAlike() {
    Parameter.Table table =
        new Parameter.Table("bias", Parameter.Role.BIAS_REQUANT, DType.INT32, new int[30]);
    String text = ParameterText.definition("net_bias", table);
    assertThat(text).startsWith("const int32_t net_bias[30] = {\n  0, 0,").endsWith(",\n};\n");
    assertThat(text.lines()).allMatch(line -> line.length() <= 100);
    assertThat(ParameterText.declaration("net_bias", table))
        .isEqualTo("const int32_t net_bias[30]");
  }

  @Test
  void valuesBeyondAFieldsTypeAreRefused() {
    List<Parameter> none = new ParameterList().toList();
    assertThat(none).isEmpty();
    assertThatThrownBy(() -> new ParameterList().uint16("kernel_width", 70000))
        .isInstanceOf(KernelException.class)
        .hasMessage("kernel_width is 70000; portable kernels take 0 to 65535");
  }
}
