package dev.thimble.importer.data;

import dev.thimble.graph.Value;
import dev.thimble.tensor.Shape;
import dev.thimble.tensor.Tensor;
import dev.thimble.tensor.TensorType;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads PNG, JPEG and BMP images as samples of an input of shape [1,H,W,C] or [H,W,C], C being 1 or
 * 3. An image has the input's height and width, unless it may be scaled; nothing is cropped. A
 * pixel p becomes p for uint8, p - 128 for int8, and p / 255 for float32.
 */
final class Images {
  private final Path file;
  private final Value input;
  private final int height;
  private final int width;
  private final int channels;
  private final ImageFit fit;

  /** The most pixels of an image that is scaled, which bounds the memory. */
  private static final long MOST_PIXELS = 1L << 24;

  private Images(Path file, Value input, ImageFit fit) {
    this.fit = fit;
    this.file = file;
    this.input = input;
    Shape shape = input.type().shape();
    int rank = shape.rank();
    boolean map = rank == 3 || (rank == 4 && shape.dim(0) == 1);
    if (!map || (shape.dim(-1) != 1 && shape.dim(-1) != 3)) {
      throw error("is an image, which does not fit input '" + input.name() + "' of shape " + shape);
    }
    height = shape.dim(-3);
    width = shape.dim(-2);
    channels = shape.dim(-1);
  }

  /** The sample that an image file makes. */
  static Tensor read(Path file, byte[] bytes, Value input, ImageFit fit) {
    return new Images(file, input, fit).read(bytes);
  }

  private Tensor read(byte[] bytes) {
    int[][] pixels = pixels(decode(bytes));
    TensorType type = input.type();
    int count = type.elements();
    if (type.isFloat()) {
      float[] floats = new float[count];
      for (int i = 0; i < count; i++) {
        floats[i] = pixels[i / channels][i % channels] / 255f;
      }
      return Tensor.ofFloats(type, floats);
    }
    int offset =
        switch (type.dtype()) {
          case UINT8 -> 0;
          case INT8 -> 128;
          case BOOL, INT16, UINT16, INT32, UINT32, INT64, FLOAT32 ->
              throw error(
                  "is an image, input '"
                      + input.name()
                      + "' takes "
                      + type.dtype().reportName()
                      + "; images fit uint8, int8 and float32 inputs");
        };
    int[] ints = new int[count];
    for (int i = 0; i < count; i++) {
      ints[i] = pixels[i / channels][i % channels] - offset;
    }
    return Tensor.ofInts(type, ints);
  }

  /** Decodes the image once its size is known to be the input's, which bounds the memory. */
  private BufferedImage decode(byte[] bytes) {
    try (ImageInputStream stream =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw error("is no PNG, JPEG or BMP image");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(stream, true, true);
        int rows = reader.getHeight(0);
        int columns = reader.getWidth(0);
        if (fit.resize() && (long) rows * columns > MOST_PIXELS) {
          throw error("is " + rows + " rows by " + columns + " columns, too many to scale");
        }
        if (!fit.resize() && (rows != height || columns != width)) {
          throw error(
              "is "
                  + rows
                  + " rows by "
                  + columns
                  + " columns, input '"
                  + input.name()
                  + "' takes "
                  + height
                  + " by "
                  + width
                  + "; scale the image first, or add --resize");
        }
        return reader.read(0);
      } finally {
        reader.dispose();
      }
    } catch (DataException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw error("cannot be decoded: " + e.getMessage());
    }
  }

  /** The channels of each pixel, row by row, from 0 to 255. */
  private int[][] pixels(BufferedImage image) {
    int rows = image.getHeight();
    int columns = image.getWidth();
    int[][] pixels = new int[rows * columns][channels];
    // getRGB would apply a gamma to grey images: samples are what the file holds.
    boolean samples =
        image.getColorModel() instanceof ComponentColorModel
            && image.getSampleModel().getDataType() == DataBuffer.TYPE_BYTE;
    if (!samples && image.getColorModel().getComponentSize(0) > 8) {
      throw error("has more than 8 bits a channel; save it with 8");
    }
    for (int i = 0; i < pixels.length; i++) {
      int[] rgba =
          samples
              ? samples(image, i % columns, i / columns)
              : rgba(image, i % columns, i / columns);
      if (rgba[3] != 255) {
        throw error("has transparent pixels; flatten it first");
      }
      if (channels == 1 && (rgba[0] != rgba[1] || rgba[0] != rgba[2])) {
        rgba[0] = grey(rgba);
      }
      System.arraycopy(rgba, 0, pixels[i], 0, channels);
    }
    return rows == height && columns == width
        ? pixels
        : Scaling.scaled(pixels, rows, columns, height, width);
  }

  /** The luminance of ITU-R BT.601. */
  private int grey(int[] rgba) {
    if (!fit.grey()) {
      throw error(
          "is in colour, input '"
              + input.name()
              + "' takes one channel; save it as grey, or add --grey");
    }
    return (299 * rgba[0] + 587 * rgba[1] + 114 * rgba[2] + 500) / 1000;
  }

  private static int[] samples(BufferedImage image, int x, int y) {
    int[] bands = image.getRaster().getPixel(x, y, (int[]) null);
    return switch (bands.length) {
      case 1 -> new int[] {bands[0], bands[0], bands[0], 255};
      case 2 -> new int[] {bands[0], bands[0], bands[0], bands[1]};
      case 3 -> new int[] {bands[0], bands[1], bands[2], 255};
      default -> bands;
    };
  }

  private static int[] rgba(BufferedImage image, int x, int y) {
    int argb = image.getRGB(x, y);
    return new int[] {argb >> 16 & 255, argb >> 8 & 255, argb & 255, argb >>> 24};
  }

  private DataException error(String what) {
    return new DataException(file, what);
  }
}
