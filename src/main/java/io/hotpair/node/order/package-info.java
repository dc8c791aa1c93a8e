/** Orders from the command line to a running node: a local socket, and the mailbox that the duty cycle looks into. */
package io.hotpair.node.order;
