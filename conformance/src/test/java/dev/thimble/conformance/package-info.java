/**
 * Tests of whole compilations: real and random networks, C compilers, simulated cores and the
 * command line.
 */
package dev.thimble.conformance;
