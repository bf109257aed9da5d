package dev.thimble.testing;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Node;
import dev.thimble.graph.Value;
import dev.thimble.op.Activation;
import dev.thimble.op.FullyConnected;
import dev.thimble.op.Softmax;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A network of two layers that is trained here: by Adam, on all samples at once, from a seed. */
public final class Perceptron {
  private static final int HIDDEN = 24;
  private static final int EPOCHS = 300;
  private static final double RATE = 0.01;

  private final int inputs;
  private final int classes;
  private final double[] weights;
  private final double[] gradient;
  private final int second;
  private final int biases;

  private Perceptron(int inputs, int classes) {
    this.inputs = inputs;
    this.classes = classes;
    second = HIDDEN * inputs;
    biases = second + classes * HIDDEN;
    weights = new double[biases + HIDDEN + classes];
    gradient = new double[weights.length];
  }

  /** The network of these samples and their classes; it ends in a softmax. */
  public static Graph train(List<float[]> samples, List<Integer> labels, int classes) {
    Perceptron net = new Perceptron(samples.getFirst().length, classes);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < net.biases; i++) {
      int fan = i < net.second ? net.inputs : HIDDEN;
      net.weights[i] = random.nextDouble(-1, 1) * Math.sqrt(3.0 / fan);
    }
    double[] mean = new double[net.weights.length];
    double[] square = new double[net.weights.length];
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      Arrays.fill(net.gradient, 0);
      for (int i = 0; i < samples.size(); i++) {
        net.learn(samples.get(i), labels.get(i), samples.size());
      }
      for (int i = 0; i < mean.length; i++) {
        mean[i] += 0.1 * (net.gradient[i] - mean[i]);
        square[i] += 0.001 * (net.gradient[i] * net.gradient[i] - square[i]);
        double first = mean[i] / (1 - Math.pow(0.9, epoch));
        double root = Math.sqrt(square[i] / (1 - Math.pow(0.999, epoch)));
        net.weights[i] -= RATE * first / (root + 1e-8);
      }
    }
    return net.graph();
  }

  private void learn(float[] sample, int label, int count) {
    double[] hidden = new double[HIDDEN];
    double[] scores = new double[classes];
    for (int h = 0; h < HIDDEN; h++) {
      double sum = weights[biases + h];
      for (int i = 0; i < inputs; i++) {
        sum += weights[h * inputs + i] * sample[i];
      }
      hidden[h] = Math.max(sum, 0);
    }
    double total = 0;
    for (int c = 0; c < classes; c++) {
      double sum = weights[biases + HIDDEN + c];
      for (int h = 0; h < HIDDEN; h++) {
        sum += weights[second + c * HIDDEN + h] * hidden[h];
      }
      scores[c] = Math.exp(Math.clamp(sum, -50, 50));
      total += scores[c];
    }
    double[] back = new double[HIDDEN];
    for (int c = 0; c < classes; c++) {
      double error = (scores[c] / total - (c == label ? 1 : 0)) / count;
      gradient[biases + HIDDEN + c] += error;
      for (int h = 0; h < HIDDEN; h++) {
        gradient[second + c * HIDDEN + h] += error * hidden[h];
        back[h] += error * weights[second + c * HIDDEN + h];
      }
    }
    for (int h = 0; h < HIDDEN; h++) {
      if (hidden[h] > 0) {
        gradient[biases + h] += back[h];
        for (int i = 0; i < inputs; i++) {
          gradient[h * inputs + i] += back[h] * sample[i];
        }
      }
    }
  }

  private Graph graph() {
    Map<Value, Tensor> constants = new LinkedHashMap<>();
    Value input = new Value("x", TensorType.float32(1, inputs));
    Value hidden = new Value("hidden", TensorType.float32(1, HIDDEN));
    Value scores = new Value("scores", TensorType.float32(1, classes));
    Value output = new Value("y", TensorType.float32(1, classes));
    Node first =
        new Node(
            new FullyConnected(false, Activation.RELU),
            List.of(
                input,
                constant(constants, "w", 0, HIDDEN, inputs),
                constant(constants, "b", biases, HIDDEN)),
            hidden);
    Node last =
        new Node(
            new FullyConnected(false, Activation.NONE),
            List.of(
                hidden,
                constant(constants, "v", second, classes, HIDDEN),
                constant(constants, "c", biases + HIDDEN, classes)),
            scores);
    Node end = new Node(new Softmax(1), List.of(scores), output);
    return new Graph(
        "perceptron",
        List.of(input),
        constants,
        List.of(first, last, end),
        List.of(output),
        Map.of());
  }

  private Value constant(Map<Value, Tensor> constants, String name, int from, int... dims) {
    TensorType type = TensorType.float32(dims);
    float[] elements = new float[type.elements()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) weights[from + i];
    }
    Value value = new Value(name, type);
    constants.put(value, Tensor.ofFloats(type, elements));
    return value;
  }
}
