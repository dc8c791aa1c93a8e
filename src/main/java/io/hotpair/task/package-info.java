/** What a user programs against: inputs in, outputs out, a tick, save state, load state. No word of redundancy. */
package io.hotpair.task;
