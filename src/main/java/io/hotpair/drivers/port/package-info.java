/** Ways in and out of a task: where inputs come from, where outputs go. The duty cycle calls them; no call blocks or allocates. */
package io.hotpair.drivers.port;
