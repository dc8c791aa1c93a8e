/** Runs a task: in this process, or attached in a process of its own by mapped rings. */
package io.hotpair.task.host;
