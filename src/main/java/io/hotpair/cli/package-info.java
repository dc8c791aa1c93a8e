/**
 * The command line. {@link io.hotpair.cli.Hotpair} is the main class; every command is a class of its own, registered
 * there with one line.
 */
package io.hotpair.cli;
