package dev.thimble.rewrite;

/** How often a rule applied, in the unit that the rule counts in. */
public record RuleCount(String rule, int count) {}
