/** A task to look at: the level of a tank, held by a controller on two boards, and the tank to go with it. */
package io.hotpair.cli.demo.tank;
