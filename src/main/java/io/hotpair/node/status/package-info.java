/** What a running node shows to other processes, and takes orders through: one mapped file. */
package io.hotpair.node.status;
