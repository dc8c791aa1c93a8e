/** Remote checkpoints: does this network still reach the world? Asked and answered on a helper thread of its own. */
package io.hotpair.drivers.checkpoint;
