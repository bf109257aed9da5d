package dev.thimble.op;

/**
 * Functions of real numbers as the reference evaluation has them: in double precision, then rounded
 * to float32, which is the nearest float to the result but for ties. Source: the functions'
 * definitions (Abramowitz and Stegun, chapters 4 and 7).
 */
final class RealFunctions {
  private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);
  private static final double ROOT_HALF = Math.sqrt(0.5);
  private static final double ROOT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double GELU_CUBE = 0.044715;

  /** Up to here the series of erf takes fewer steps than the continued fraction of erfc. */
  private static final double SERIES_END = 2.5;

  private static final int FRACTION_STEPS = 120;

  private RealFunctions() {}

  /** The function of a float. Functions of other types have no such result and throw. */
  static float of(Unary.Function function, float x) {
    return switch (function) {
      case RELU -> Activation.RELU.clamp(x);
      case RELU6 -> Activation.RELU6.clamp(x);
      case RELU_N1_TO_1 -> Activation.RELU_N1_TO_1.clamp(x);
      case SIGMOID -> 1 / (1 + (float) Math.exp(-x));
      case ABS -> Math.abs(x);
      case NEG -> -x;
      case SQUARE -> x * x;
      case RECIPROCAL -> 1 / x;
      case RSQRT -> 1 / (float) Math.sqrt(x);
      case SOFTSIGN -> x / (1 + Math.abs(x));
      case HARD_SWISH -> x * Activation.RELU6.clamp(x + 3) / 6;
      default -> (float) inDouble(function, x);
    };
  }

  private static double inDouble(Unary.Function function, double x) {
    return switch (function) {
      case TANH -> Math.tanh(x);
      case GELU -> 0.5 * x * erfc(-x * ROOT_HALF);
      case GELU_TANH -> 0.5 * x * (1 + Math.tanh(ROOT_TWO_OVER_PI * (x + GELU_CUBE * x * x * x)));
      case SILU -> x / (1 + Math.exp(-x));
      case MISH -> x * Math.tanh(softplus(x));
      case SOFTPLUS -> softplus(x);
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case SQRT -> Math.sqrt(x);
      case SIGN -> Math.signum(x);
      case FLOOR -> Math.floor(x);
      case CEIL -> Math.ceil(x);
      case ROUND -> Math.rint(x);
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case TAN -> Math.tan(x);
      case ASIN -> Math.asin(x);
      case ACOS -> Math.acos(x);
      case ATAN -> Math.atan(x);
      case SINH -> Math.sinh(x);
      case COSH -> Math.cosh(x);
      case ASINH -> Math.copySign(asinh(Math.abs(x)), x);
      case ACOSH -> x < 1 ? Double.NaN : Math.log(x + Math.sqrt((x - 1) * (x + 1)));
      case ATANH -> Math.copySign(0.5 * Math.log1p(2 * Math.abs(x) / (1 - Math.abs(x))), x);
      case ERF -> erf(x);
      default -> throw new IllegalStateException(function + " is no function of a real number");
    };
  }

  /** log(1 + exp(x)), which neither overflows nor loses small results. */
  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** Of a number that is not negative; squares of floats do not overflow a double. */
  private static double asinh(double x) {
    return Double.isInfinite(x) ? x : Math.log1p(x + x * x / (1 + Math.sqrt(x * x + 1)));
  }

  /** 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
  static double erf(double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    double magnitude = Math.abs(x);
    double result = magnitude <= SERIES_END ? series(magnitude) : 1 - fraction(magnitude);
    return Math.copySign(result, x);
  }

  /** 1 - erf(x), with all its digits where that is small. */
  static double erfc(double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    return x <= SERIES_END ? 1 - erf(x) : fraction(x);
  }

  /** The series of erf whose terms are all positive: x^(2n+1) 2^n / (1 * 3 * ... (2n+1)). */
  private static double series(double x) {
    double sum = x;
    double term = x;
    for (int n = 1; term > sum * 1e-18; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return TWO_OVER_ROOT_PI * Math.exp(-x * x) * sum;
  }

  /** The continued fraction of erfc: exp(-x^2)/sqrt(pi) / (x + 1/2/(x + 2/2/(x + 3/2/(...)))). */
  private static double fraction(double x) {
    if (Double.isInfinite(x)) {
      return 0;
    }
    double denominator = x;
    for (int n = FRACTION_STEPS; n > 0; n--) {
      denominator = x + n / 2.0 / denominator;
    }
    return TWO_OVER_ROOT_PI / 2 * Math.exp(-x * x) / denominator;
  }
}
