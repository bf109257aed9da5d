package dev.thimble.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thimble.importer.ModelImporter;
import dev.thimble.testing.Shared;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Published models agree with the runtimes of their formats, when those are asked rightly. */
class PeerComparisonTest {
  private static final String BACKEND = "cases/09_op_conformance/onnx_backend_1.12/";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cases/01_mlperf_tiny/ic/pretrainedResnet_int8.tflite",
        "cases/02_tflite/esphome/v2_okay_nabu.tflite",
        "cases/02_tflite/tflm/person_detect.tflite",
        "cases/08_kernel_vectors/seanet/sub/sub2.tflite",
        "cases/08_kernel_vectors/seanet/transpose_conv/transpose_conv0.tflite",
        "cases/09_op_conformance/glow_tflite/gather_axis1.tflite"
      })
  void tensorFlowLitesReferenceKernelsComputeTheSameBits(String file) {
    assertThat(compare(file)).isEqualTo("bit for bit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "node/test_constant",
        "node/test_gather_negative_indices",
        "node/test_pow_types_int32_float32",
        "node/test_pow_types_int64_int64",
        "pytorch-converted/test_BatchNorm2d_eval",
        "pytorch-converted/test_PReLU_2d_multiparam",
        "pytorch-operator/test_operator_non_float_params"
      })
  void onnxRuntimeComputesTheSameBits(String folder) {
    assertThat(compare(BACKEND + folder + "/model.onnx")).isEqualTo("bit for bit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        BACKEND + "pytorch-converted/test_Linear/model.onnx",
        BACKEND + "pytorch-operator/test_operator_addmm/model.onnx",
        "cases/02_tflite/tflm/trained_lstm.tflite"
      })
  void floatsAreAsCloseAsFloatsCanBe(String file) {
    assertThat(compare(file)).matches("relative error below 1e-[567]");
  }

  @ParameterizedTest
  @ValueSource(strings = "cases/03_onnx/match/blocks_fp16_resnet_block.onnx")
  void aPeerThatRoundsToFloat16IsSaidTo(String file) {
    assertThat(compare(file)).isEqualTo("relative error below 1e-3 (the peer rounds to float16)");
  }

  private static String compare(String file) {
    Path path = Shared.require(file);
    return String.valueOf(PeerComparison.of(path, ModelImporter.read(path)));
  }
}
