/** What the replication needs from outside: the stream to the peer, the task, the journal, the way out. */
package io.hotpair.sync.port;
