package dev.thimble.codegen;

import dev.thimble.graph.Value;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The hooks by which a program counts the cycles of its node functions on the hardware itself. A
 * program without hooks is written as if there were no such class; one with them costs nothing more
 * until it is compiled with NAME_PROFILE defined.
 *
 * @param wanted whether the program is to have hooks
 */
record ProfileHooks(CName name, boolean wanted) {
  /** Declares what the application has to define. */
  void declare(CWriter c, int functions) {
    if (!wanted) {
      return;
    }
    c.line("#ifdef %s_PROFILE", name.upper());
    c.line(
        "/* With this macro the program tells, each time a node has run, how many cycles it took;");
    c.line(" * the application defines the function and keeps the sums. */");
    c.line("#define %s_PROFILE_NODES %d", name.upper(), functions);
    c.line("void %s_profile_add(int32_t node, uint32_t cycles);", name).line("#endif").blank();
  }

  /** Defines the macros that node functions begin and end with. */
  void define(CWriter c) {
    if (!wanted) {
      return;
    }
    c.line("/* With this macro the program reports the cycles of each node. */");
    c.line("#ifdef %s_PROFILE", name.upper());
    c.raw(
        """
        /* NAME_CYCLES() is a counter of cycles that counts up, of as many bits as NAME_CYCLES_MASK
         * has; by default that of the core, which the application has started. */
        #ifndef NAME_CYCLES
        #if defined(__ARM_ARCH_7M__) || defined(__ARM_ARCH_7EM__) || \\
            defined(__ARM_ARCH_8M_MAIN__) || defined(__ARM_ARCH_8_1M_MAIN__)
        #define NAME_CYCLES() (*(volatile uint32_t *)0xE0001004u) /* DWT_CYCCNT */
        #elif defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
        #define NAME_CYCLES() (0xFFFFFFu - *(volatile uint32_t *)0xE000E018u) /* SysTick */
        #define NAME_CYCLES_MASK 0xFFFFFFu
        #elif defined(__riscv)
        static inline uint32_t name_mcycle(void) {
          unsigned long cycles;
          /* csrr %0, mcycle: written so that no assembler asks for the extension's name */
          __asm__ volatile(".insn i 0x73, 2, %0, x0, -0x500" : "=r"(cycles));
          return (uint32_t)cycles;
        }
        #define NAME_CYCLES() name_mcycle()
        #else
        #ifdef __cplusplus
        extern "C"
        #endif
        uint32_t name_cycles(void); /* the application's own */
        #define NAME_CYCLES() name_cycles()
        #endif
        #endif
        #ifndef NAME_CYCLES_MASK
        #define NAME_CYCLES_MASK 0xFFFFFFFFu
        #endif
        #define NAME_PROFILE_BEGIN() const uint32_t profile_begin = (uint32_t)NAME_CYCLES()
        #define NAME_PROFILE_END(node) \\
          name_profile_add(node, ((uint32_t)NAME_CYCLES() - profile_begin) & NAME_CYCLES_MASK)
        #else
        #define NAME_PROFILE_BEGIN()
        #define NAME_PROFILE_END(node)
        #endif
        """
            .replace("NAME", name.upper())
            .replace("name_", name + "_"));
    c.blank();
  }

  /** Begins to count, as the first statement of a node function. */
  void begin(CWriter c) {
    if (wanted) {
      c.line("%s_PROFILE_BEGIN();", name.upper());
    }
  }

  /** Ends it. */
  void end(CWriter c, int function) {
    if (wanted) {
      c.line("%s_PROFILE_END(%d);", name.upper(), function);
    }
  }

  /** The file with a main function that runs one inference and prints the table. */
  String mainFile() {
    return name + "_profile_main.c";
  }

  /** The C type of an element, and the expression that makes one of the generator's state. */
  static String sampled(Value value) {
    return switch (value.type().dtype()) {
      case INT8 -> "(int8_t)(next() >> 24)";
      case UINT8 -> "(uint8_t)(next() >> 24)";
      case BOOL -> "(uint8_t)(next() >> 31)";
      case INT16 -> "(int16_t)(next() >> 16)";
      case UINT16 -> "(uint16_t)(next() >> 16)";
      case INT32 -> "((int32_t)next() >> 8)";
      case UINT32 -> "(next() >> 8)";
      case INT64 -> "(int64_t)((int32_t)next() >> 8)";
      case FLOAT32 -> "((float)(int32_t)next() / 2147483648.0f)";
    };
  }

  /** A C string literal of one line: what would begin another is a space in it. */
  static String literal(String text) {
    StringBuilder literal = new StringBuilder("\"");
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      if (each >= 0 && each < ' ') {
        literal.append(' ');
      } else if (each == '"' || each == '\\') {
        literal.append('\\').append((char) each);
      } else if (each > 0 && each < 127 && each != '?') {
        literal.append((char) each);
      } else {
        // A hexadecimal escape would take in digits that follow; an octal one has three at most.
        // Question marks could be trigraphs.
        literal.append(String.format(Locale.ROOT, "\\%03o", each & 0xFF));
      }
    }
    return literal.append('"').toString();
  }
}
