/**
 * The configuration: one TOML file, the same on both boards.
 *
 * <p>{@link io.hotpair.node.config.ConfigReader} reads and checks it whole before anything starts and reports every error at once;
 * what it returns is an immutable {@link io.hotpair.node.config.Config} with every default filled in.
 */
package io.hotpair.node.config;
