package io.hotpair.lab;

/**
 * Something that a node recorded of itself.
 *
 * @param atNs when it happened
 * @param name what happened, in the node's own words
 * @param detail what belongs to it: of a role change {@code from << 8 | to} as ordinals, of a late cycle the ns
 */
public record BoardEvent(long atNs, String name, long detail) {}
