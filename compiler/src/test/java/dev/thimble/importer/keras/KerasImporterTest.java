package dev.thimble.importer.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thimble.graph.Evaluator;
import dev.thimble.graph.Graph;
import dev.thimble.importer.ImportedModel;
import dev.thimble.importer.IoInfo;
import dev.thimble.importer.ModelException;
import dev.thimble.importer.ModelImporter;
import dev.thimble.op.Rounding;
import dev.thimble.tensor.DType;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import dev.thimble.testing.KerasWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What layers become, by results that are computed by hand. */
class KerasImporterTest {
  private static final String INPUT =
      "{\"class_name\":\"InputLayer\",\"config\":{\"name\":\"in\",\"batch_input_shape\":%s}}";

  private static String layer(String kind, String name, String attributes) {
    return "{\"class_name\":\"%s\",\"config\":{\"name\":\"%s\"%s}}"
        .formatted(kind, name, attributes.isEmpty() ? "" : "," + attributes.replace('\'', '"'));
  }

  private static String sequential(String shape, String... layers) {
    return "{\"class_name\":\"Sequential\",\"config\":{\"name\":\"net\",\"layers\":["
        + INPUT.formatted(shape)
        + Arrays.stream(layers).map(layer -> "," + layer).reduce("", String::concat)
        + "]}}";
  }

  private static Tensor array(int[] dims, float... values) {
    return Tensor.ofFloats(TensorType.float32(dims), values);
  }

  private static int[] dims(int... dims) {
    return dims;
  }

  private static float[] run(byte[] file, float... input) {
    return run("model.h5", file, input);
  }

  /** The outputs, of inputs in the file's own layout. */
  private static float[] run(String name, byte[] file, float... input) {
    ImportedModel model = ModelImporter.read(name, file);
    Graph graph = model.program().entry();
    List<Tensor> given = new ArrayList<>();
    int from = 0;
    for (IoInfo end : model.inputs()) {
      int to = from + end.sourceShape().elements();
      TensorType type = TensorType.of(DType.FLOAT32, end.sourceShape());
      given.add(end.ofSource(Tensor.ofFloats(type, Arrays.copyOfRange(input, from, to))));
      from = to;
    }
    Tensor output = Evaluator.outputs(graph, given, Rounding.DOUBLE).getFirst();
    return model.outputs().getFirst().toSource(output).floats();
  }

  private static float[] runLayer(String shape, String layer, float... input) {
    return run(new KerasWriter(sequential(shape, layer)).h5("2.10.0"), input);
  }

  private static KerasWriter dense(String activation) {
    return new KerasWriter(
            sequential("[null,2]", layer("Dense", "d", "'units':2,'activation':" + activation)))
        .with("d", "d/kernel:0", array(dims(2, 2), 1, 2, 3, 4))
        .with("d", "d/bias:0", array(dims(2), 10, -20));
  }

  @Test
  void denseMultipliesByTheKernelFromTheRight() {
    assertThat(run(dense("'linear'").h5("2.10.0"), 1, 2)).containsExactly(17, -10);
    assertThat(run(dense("'relu'").h5("2.10.0"), 1, 2)).containsExactly(17, 0);
  }

  @Test
  void activationsMayBeWrappedIntoObjects() {
    String function = "{'class_name':'function','config':'relu'}";
    assertThat(run(dense(function).h5("2.13.0"), 1, 2)).containsExactly(17, 0);
    String layer = "{'class_name':'LeakyReLU','config':{'negative_slope':0.5}}";
    assertThat(run(dense(layer).h5("3.4.1"), 1, 2)).containsExactly(17, -5);
  }

  @Test
  void hardSigmoidIsSteeperBeforeKeras3() {
    String layer = layer("Activation", "a", "'activation':'hard_sigmoid'");
    KerasWriter writer = new KerasWriter(sequential("[null,1]", layer));
    assertThat(run(writer.h5("2.10.0"), 1)[0]).isEqualTo(0.7f);
    assertThat(run(writer.h5("3.4.1"), 1)[0]).isEqualTo(1f / 6 + 0.5f);
  }

  @Test
  void anArchiveOfKeras3GivesTheSame() {
    byte[] file =
        new KerasWriter(sequential("[null,2]", layer("Dense", "any", "'units':2")))
            .with("dense", "0", array(dims(2, 2), 1, 2, 3, 4))
            .with("dense", "1", array(dims(2), 10, -20))
            .keras();
    assertThat(run("model.keras", file, 1, 2)).containsExactly(17, -10);
    assertThat(ModelImporter.read("model.keras", file).format()).isEqualTo("keras");
  }

  @Test
  void layersOfOneClassHaveNumberedFolders() {
    byte[] file =
        new KerasWriter(
                sequential(
                    "[null,1]",
                    layer("Dense", "a", "'units':1,'use_bias':false"),
                    layer("Dense", "b", "'units':1,'use_bias':false")))
            .with("dense", "0", array(dims(1, 1), 3))
            .with("dense_1", "0", array(dims(1, 1), 5))
            .keras();
    assertThat(run("model.keras", file, 2)).containsExactly(30);
    assertThat(Net.snakeCase("SimpleRNN")).isEqualTo("simple_rnn");
    assertThat(Net.snakeCase("Conv2DTranspose")).isEqualTo("conv2d_transpose");
    assertThat(Net.snakeCase("BatchNormalization")).isEqualTo("batch_normalization");
  }

  @Test
  void aCausalConvolutionReadsNothingOfTheFuture() {
    String layer = layer("Conv1D", "c", "'filters':1,'padding':'causal','kernel_size':[2]");
    byte[] file =
        new KerasWriter(sequential("[null,3,1]", layer))
            .with("c", "c/kernel:0", array(dims(2, 1, 1), 1, 10))
            .with("c", "c/bias:0", array(dims(1), 0))
            .h5("2.10.0");
    assertThat(run(file, 1, 2, 3)).containsExactly(10, 21, 32);
  }

  @Test
  void batchNormalizationScalesAndShifts() {
    byte[] file =
        new KerasWriter(
                sequential("[null,1]", layer("BatchNormalization", "b", "'epsilon':0,'axis':[1]")))
            .with("b", "b_3/gamma:0", array(dims(1), 6))
            .with("b", "b_3/beta:0", array(dims(1), 1))
            .with("b", "b_3/moving_mean:0", array(dims(1), 2))
            .with("b", "b_3/moving_variance:0", array(dims(1), 9))
            .h5("2.10.0");
    assertThat(run(file, 5)).containsExactly(7);
  }

  @Test
  void channelsThatComeFirstStayFirstOutside() {
    String pool = layer("MaxPooling2D", "p", "'pool_size':[1,2],'data_format':'channels_first'");
    assertThat(runLayer("[null,2,1,2]", pool, 1, 2, 4, 3)).containsExactly(2, 4);
    String flat = layer("Flatten", "f", "'data_format':'channels_first'");
    assertThat(runLayer("[null,2,1,2]", flat, 1, 2, 3, 4)).containsExactly(1, 3, 2, 4);
  }

  @Test
  void axesArePermutedPaddedCroppedAndEnlarged() {
    assertThat(runLayer("[null,2,3]", layer("Permute", "p", "'dims':[2,1]"), 1, 2, 3, 4, 5, 6))
        .containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(runLayer("[null,2,1]", layer("ZeroPadding1D", "p", "'padding':[1,0]"), 1, 2))
        .containsExactly(0, 1, 2);
    assertThat(runLayer("[null,3,1]", layer("Cropping1D", "p", "'cropping':[1,0]"), 1, 2, 3))
        .containsExactly(2, 3);
    assertThat(runLayer("[null,1,2,1]", layer("UpSampling2D", "p", "'size':[2,2]"), 1, 2))
        .containsExactly(1, 1, 2, 2, 1, 1, 2, 2);
    String ramp = layer("UpSampling2D", "p", "'size':[1,2],'interpolation':'bilinear'");
    assertThat(runLayer("[null,1,2,1]", ramp, 0, 4)).containsExactly(0, 1, 3, 4);
    assertThat(runLayer("[null,2]", layer("RepeatVector", "r", "'n':2"), 1, 2))
        .containsExactly(1, 2, 1, 2);
    assertThat(runLayer("[null,4]", layer("Reshape", "r", "'target_shape':[2,-1]"), 1, 2, 3, 4))
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void aRectifierHasASlopeAThresholdAndABound() {
    String bounded = layer("ReLU", "r", "'max_value':2.0,'negative_slope':0.5,'threshold':0.0");
    assertThat(runLayer("[null,3]", bounded, -4, 1, 3)).containsExactly(-2, 1, 2);
    String above = layer("ReLU", "r", "'max_value':null,'negative_slope':0.0,'threshold':1.5");
    assertThat(runLayer("[null,3]", above, -4, 1, 3)).containsExactly(0, 0, 3);
  }

  @Test
  void aTransposedConvolutionSpreadsItsInput() {
    String layer =
        layer("Conv2DTranspose", "t", "'strides':[2,2],'padding':'valid','use_bias':false");
    byte[] file =
        new KerasWriter(sequential("[null,1,2,1]", layer))
            .with("t", "t/kernel:0", array(dims(1, 3, 1, 1), 1, 2, 3))
            .h5("2.10.0");
    assertThat(run(file, 1, 10)).containsExactly(1, 2, 13, 20, 30, 0, 0, 0, 0, 0);
  }

  private static final String SHARED_LAYER =
      """
      {"class_name":"Functional","config":{"name":"net","layers":[
      {"class_name":"InputLayer","name":"a","config":{"name":"a","batch_shape":[null,1]},
       "inbound_nodes":[]},
      {"class_name":"InputLayer","name":"b","config":{"name":"b","batch_shape":[null,1]},
       "inbound_nodes":[]},
      {"class_name":"Dense","name":"d","config":{"name":"d","units":1,"use_bias":false},
       "inbound_nodes":[%s]},
      {"class_name":"Subtract","name":"s","config":{"name":"s"},"inbound_nodes":[%s]}],
      "input_layers":[["a",0,0],["b",0,0]],"output_layers":[["s",0,0]]}}
      """;

  private static String newTensor(String layer, int call) {
    return "{\"class_name\":\"__keras_tensor__\",\"config\":{\"keras_history\":[\"%s\",%d,0]}}"
        .formatted(layer, call);
  }

  @Test
  void aSharedLayerIsARepeatedNodeWithOneFilter() {
    String old =
        SHARED_LAYER.formatted(
            "[[\"a\",0,0,{}]],[[\"b\",0,0,{}]]", "[[\"d\",0,0,{}],[\"d\",1,0,{}]]");
    String call = "{\"args\":[%s],\"kwargs\":{}}";
    String modern =
        SHARED_LAYER.formatted(
            call.formatted(newTensor("a", 0)) + "," + call.formatted(newTensor("b", 0)),
            call.formatted("[" + newTensor("d", 0) + "," + newTensor("d", 1) + "]"));
    for (String config : List.of(old, modern)) {
      byte[] file =
          new KerasWriter(config).with("d", "d/kernel:0", array(dims(1, 1), 3)).h5("2.10.0");
      assertThat(run(file, 5, 2)).containsExactly(9);
      Graph graph = ModelImporter.read("model.h5", file).program().entry();
      assertThat(graph.nodes()).hasSize(3);
      assertThat(graph.constants()).hasSize(2);
    }
  }

  @Test
  void nestedModelsFindTheirWeightsByTheirLayersNames() {
    String inner =
        sequential(
            "[null,1]",
            layer("Dense", "x", "'units':1,'use_bias':false"),
            layer("Dense", "y", "'units':1,'use_bias':false"));
    String nested = inner.replace("\"name\":\"net\"", "\"name\":\"inner\"");
    byte[] file =
        new KerasWriter(sequential("[null,1]", nested))
            .with("inner", "x/kernel:0", array(dims(1, 1), 3))
            .with("inner", "y/kernel:0", array(dims(1, 1), 5))
            .h5("2.10.0");
    assertThat(run(file, 2)).containsExactly(30);
  }

  @Test
  void bothDirectionsOfARecurrentLayerStandWhereTheirFramesDo() {
    String wrapped =
        "'layer':{'class_name':'SimpleRNN','config':{'name':'r','units':1,'activation':'linear',"
            + "'return_sequences':true,'use_bias':false}}";
    KerasWriter writer =
        new KerasWriter(sequential("[null,3,1]", layer("Bidirectional", "b", wrapped)));
    for (String direction : List.of("forward_r", "backward_r")) {
      writer
          .with("b", "b/" + direction + "/kernel:0", array(dims(1, 1), 1))
          .with("b", "b/" + direction + "/recurrent_kernel:0", array(dims(1, 1), 1));
    }
    assertThat(run(writer.h5("2.10.0"), 1, 10, 100)).containsExactly(1, 111, 11, 110, 111, 100);
  }

  @Test
  void goingBackwardsGivesTheStepsInTheirOrder() {
    String layer =
        layer(
            "SimpleRNN",
            "r",
            "'units':1,'activation':'linear','return_sequences':true,'use_bias':false,"
                + "'go_backwards':true");
    byte[] file =
        new KerasWriter(sequential("[null,3,1]", layer))
            .with("r", "r/kernel:0", array(dims(1, 1), 1))
            .with("r", "r/recurrent_kernel:0", array(dims(1, 1), 1))
            .h5("2.10.0");
    assertThat(run(file, 1, 10, 100)).containsExactly(100, 110, 111);
  }

  @Test
  void timeDistributedAppliesItsLayerToEachStep() {
    String layer =
        layer(
            "TimeDistributed",
            "t",
            "'layer':{'class_name':'Dense','config':{'name':'d','units':1,'use_bias':false}}");
    byte[] file =
        new KerasWriter(sequential("[null,2,2]", layer))
            .with("t", "t/kernel:0", array(dims(2, 1), 1, 10))
            .h5("2.10.0");
    assertThat(run(file, 1, 2, 3, 4)).containsExactly(21, 43);
  }

  @Test
  void anEmbeddingTakesRowsOfItsTable() {
    byte[] file =
        new KerasWriter(sequential("[null,2]", layer("Embedding", "e", "'input_dim':3")))
            .with("e", "e/embeddings:0", array(dims(3, 2), 1, 2, 3, 4, 5, 6))
            .h5("2.10.0");
    assertThat(run(file, 2, 0)).containsExactly(5, 6, 1, 2);
  }

  @Test
  void allThatIsNotSupportedIsInOneMessage() {
    byte[] file =
        new KerasWriter(
                sequential(
                    "[null,4,2]",
                    layer("Masking", "m", "'mask_value':0.0"),
                    layer("MultiHeadAttention", "h", ""),
                    layer("Activation", "a", "'activation':'my_own'"),
                    layer("Lambda", "l", "")))
            .h5("2.10.0");
    assertThatThrownBy(() -> ModelImporter.read("model.h5", file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("3 of 4 layers not supported")
        .hasMessageContaining("layer 'm' (Masking): found Masking")
        .hasMessageContaining("layer 'h' (MultiHeadAttention)")
        .hasMessageContaining("layer 'l' (Lambda)");
  }

  @Test
  void computationInOtherTypesIsRefused() {
    String layer =
        layer("ReLU", "r", "'dtype':{'class_name':'Policy','config':{'name':'mixed_float16'}}");
    byte[] file = new KerasWriter(sequential("[null,1]", layer)).h5("2.10.0");
    assertThatThrownBy(() -> ModelImporter.read("model.h5", file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("mixed_float16");
  }

  @Test
  void extentsThatAreNotKnownAreRefused() {
    byte[] file = new KerasWriter(sequential("[null,null,1]", layer("ReLU", "r", ""))).h5("2.1.0");
    assertThatThrownBy(() -> ModelImporter.read("model.h5", file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("not wholly known");
  }

  @Test
  void weightsThatAreMissingAreNamed() {
    byte[] file = new KerasWriter(sequential("[null,1]", layer("Dense", "d", ""))).h5("2.10.0");
    assertThatThrownBy(() -> ModelImporter.read("model.h5", file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("layer 'd' (Dense): has no array 'kernel'");
  }

  @Test
  void aBombIsNotUnpacked() {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("config.json", new byte[80 << 20]);
    entries.put("model.weights.h5", new byte[16]);
    byte[] file = KerasWriter.zip(entries);
    assertThat(file.length).isLessThan(1 << 20);
    assertThatThrownBy(() -> ModelImporter.read("model.keras", file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("zip entry config.json");
  }

  @Test
  void deepConfigurationsAreRefused() {
    byte[] config = ("[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("config.json", config);
    entries.put("model.weights.h5", new KerasWriter("{}").h5("3.0.0"));
    assertThatThrownBy(() -> ModelImporter.read("model.keras", KerasWriter.zip(entries)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is no JSON");
  }

  @Test
  void modelsThatRepeatEachOtherWithoutEndAreRefused() {
    String net = layer("ReLU", "r", "");
    for (int depth = 0; depth < 25; depth++) {
      String once = sequential("[null,1]", net);
      String first = once.replace("\"name\":\"net\"", "\"name\":\"a" + depth + "\"");
      String second = once.replace("\"name\":\"net\"", "\"name\":\"b" + depth + "\"");
      net = depth < 10 ? first + "," + second : first;
    }
    byte[] archive =
        KerasWriter.zip(
            new LinkedHashMap<>(
                Map.of(
                    "config.json",
                    sequential("[null,1]", net).getBytes(StandardCharsets.UTF_8),
                    "model.weights.h5",
                    new KerasWriter("{}").h5("3.0.0"))));
    // 1024 layers, not endlessly many: this one is read.
    assertThat(ModelImporter.read("model.keras", archive).program().entry().nodes()).hasSize(1024);
  }
}
