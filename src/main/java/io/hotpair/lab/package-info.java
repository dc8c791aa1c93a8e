/**
 * A pair on one machine, seen and disturbed from outside: relays that can cut, delay and corrupt every path, a plant that records
 * what left the boards, process control, and a judge that decides from the plant's records alone.
 *
 * <p>Nothing here knows the inside of a node: {@link io.hotpair.lab.NodeKit} is all that it asks of the program under test.
 * All times are {@code System.nanoTime()} (CLOCK_MONOTONIC on Linux, comparable between processes of one machine).
 */
package io.hotpair.lab;
