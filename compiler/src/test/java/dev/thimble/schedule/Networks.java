package dev.thimble.schedule;

import dev.thimble.graph.Graph;
import dev.thimble.graph.Value;
import dev.thimble.tensor.DType;

/** Networks from the literature, by their shapes. */
final class Networks {
  private Networks() {}

  /** The LeNet-5 of Unlu 2020 (arXiv 2007.01348): 32x32x1, 61,706 parameters. */
  static Graph leNet(DType dtype) {
    Network net = new Network(dtype);
    Value x = net.input(1, 32, 32, 1);
    x = net.maxPool(net.convValid(x, 5, 6), 2);
    x = net.maxPool(net.convValid(x, 5, 16), 2);
    x = net.dense(net.dense(net.dense(net.flatten(x), 120), 84), 10);
    return net.graph(x);
  }

  /** The CIFAR-10 example of CMSIS-NN. */
  static Graph cifar(DType dtype) {
    Network net = new Network(dtype);
    Value x = net.input(1, 32, 32, 3);
    x = net.maxPool(net.convSame(x, 5, 32, 1), 2);
    x = net.maxPool(net.convSame(x, 5, 16, 1), 2);
    x = net.maxPool(net.convSame(x, 5, 32, 1), 2);
    return net.graph(net.dense(net.flatten(x), 10));
  }

  /** MobileNetV1 with a width of 0.25 on 96x96x3, as MLPerf Tiny's person detection has it. */
  static Graph mobileNet(DType dtype) {
    Network net = new Network(dtype);
    Value x = net.convSame(net.input(1, 96, 96, 3), 3, 8, 2);
    int[] channels = {16, 32, 32, 64, 64, 128, 128, 128, 128, 128, 128, 256, 256};
    int[] strides = {1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1};
    for (int i = 0; i < channels.length; i++) {
      x = net.convSame(net.depthwise(x, 3, strides[i]), 1, channels[i], 1);
    }
    x = net.dense(net.reshape(net.globalAverage(x), 1, 256), 2);
    return net.graph(net.softmax(x));
  }

  /** MLPerf Tiny's ResNet-8 on 32x32x3. */
  static Graph resNet8(DType dtype) {
    Network net = new Network(dtype);
    Value x = net.convSame(net.input(1, 32, 32, 3), 3, 16, 1);
    x = net.add(x, net.convSame(net.convSame(x, 3, 16, 1), 3, 16, 1));
    for (int channels : new int[] {32, 64}) {
      Value y = net.convSame(net.convSame(x, 3, channels, 2), 3, channels, 1);
      x = net.add(net.convSame(x, 1, channels, 2), y);
    }
    x = net.dense(net.reshape(net.globalAverage(x), 1, 64), 10);
    return net.graph(net.softmax(x));
  }

  /** MLPerf Tiny's keyword spotting network on 49x10 features. */
  static Graph dsCnn(DType dtype) {
    Network net = new Network(dtype);
    Value x = net.convSame(net.input(1, 49, 10, 1), 4, 64, 2);
    for (int i = 0; i < 4; i++) {
      x = net.convSame(net.depthwise(x, 3, 1), 1, 64, 1);
    }
    x = net.dense(net.reshape(net.globalAverage(x), 1, 64), 12);
    return net.graph(net.softmax(x));
  }

  /** MLPerf Tiny's anomaly detection: 640-128-128-128-128-8-128-128-128-128-640. */
  static Graph autoencoder(DType dtype) {
    Network net = new Network(dtype);
    Value x = net.input(1, 640);
    for (int width : new int[] {128, 128, 128, 128, 8, 128, 128, 128, 128, 640}) {
      x = net.dense(x, width);
    }
    return net.graph(x);
  }
}
