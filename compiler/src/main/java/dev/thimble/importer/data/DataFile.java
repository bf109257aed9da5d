package dev.thimble.importer.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads the bytes of data files: arrays of up to 2 GiB, all else of up to 1 GiB. */
final class DataFile {
  private static final int MAX_BYTES = 1 << 30;

  private DataFile() {}

  static byte[] bytes(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new DataException(file, "is larger than 1 GiB; split it");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new DataException(file, "does not exist");
    } catch (IOException e) {
      throw new DataException(file, "cannot be read: " + e.getMessage());
    }
  }

  /** A file's bytes where they lie: as many samples as there are take no memory of the heap. */
  static ByteBuffer mapped(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      if (size > Integer.MAX_VALUE) {
        throw new DataException(file, "is larger than 2 GiB; split it into files of a folder");
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
    } catch (NoSuchFileException e) {
      throw new DataException(file, "does not exist");
    } catch (IOException e) {
      throw new DataException(file, "cannot be read: " + e.getMessage());
    }
  }

  /** The extension in lower case, without its dot. */
  static String extension(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /** The arrays of an {@code .npz} file by name, in the file's order. */
  static Map<String, NumberArray> npz(Path file) {
    Map<String, NumberArray> arrays = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      List<ZipEntry> entries = new ArrayList<>(zip.stream().map(ZipEntry.class::cast).toList());
      for (ZipEntry entry : entries) {
        if (!entry.getName().endsWith(".npy")) {
          throw new DataException(file, "holds '" + entry.getName() + "', which is no array");
        }
        String name = entry.getName().substring(0, entry.getName().length() - 4);
        arrays.put(name, Npy.read(Path.of(file + ":" + name), unpack(file, zip, entry)));
      }
      return arrays;
    } catch (NoSuchFileException e) {
      throw new DataException(file, "does not exist");
    } catch (IOException e) {
      throw new DataException(file, "cannot be read: " + e.getMessage());
    }
  }

  private static byte[] unpack(Path file, ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream stream = zip.getInputStream(entry)) {
      byte[] bytes = stream.readNBytes(MAX_BYTES);
      if (stream.read() >= 0) {
        throw new DataException(file, "holds an array larger than 1 GiB; split it");
      }
      return bytes;
    }
  }
}
