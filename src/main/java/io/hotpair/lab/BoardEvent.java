package io.hotpair.lab;

/**
 * Something that a node recorded of itself.
 *
 * @param atNs when it happened
 * @param name what happened, in the node's own words
 */
public record BoardEvent(long atNs, String name) {}
