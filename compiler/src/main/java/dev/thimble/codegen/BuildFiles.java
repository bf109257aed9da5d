package dev.thimble.codegen;

/** Writes the files that build systems read. */
final class BuildFiles {
  private BuildFiles() {}

  /** A CMake library target of the program's name. */
  static String cmake(CName name, String banner, boolean usesFloats) {
    CWriter c = new CWriter();
    c.line("# %s", banner);
    c.line("cmake_minimum_required(VERSION 3.13)");
    c.line("project(%s C)", name).blank();
    c.line("add_library(%s STATIC %s.c %s_weights.c)", name, name, name);
    c.line("target_include_directories(%s PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})", name);
    c.line("set_target_properties(%s PROPERTIES C_STANDARD 99 C_STANDARD_REQUIRED ON)", name);
    if (usesFloats) {
      c.line("# Contracted multiply-adds would round differently from the network as trained.");
      c.line("target_compile_options(%s PRIVATE -ffp-contract=off)", name);
      c.line("target_link_libraries(%s PUBLIC m)", name);
    }
    return c.toString();
  }
}
