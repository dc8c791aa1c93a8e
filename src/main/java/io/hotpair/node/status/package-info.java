/** What a running node shows to other processes: one mapped file. */
package io.hotpair.node.status;
