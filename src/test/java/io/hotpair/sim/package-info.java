/**
 * The deterministic simulator: two boards, four channels, two networks and everything that may go wrong with them, under virtual time and
 * from one seed. The checkers judge from outside and share no code with what they judge.
 */
package io.hotpair.sim;
