/**
 * The command line. {@link io.hotpair.cli.Main} is the main class; every command is a class of its own, registered
 * in {@link io.hotpair.cli.Hotpair} with one line.
 */
package io.hotpair.cli;
