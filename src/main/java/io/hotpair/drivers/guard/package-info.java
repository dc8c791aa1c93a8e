/** Death is said, not guessed: the process that outlives the node by a moment. */
package io.hotpair.drivers.guard;
