/**
 * Who is at the other end: the connection on which two boards prove to each other that they are a pair, and say what they run. The
 * messages and the handshake know nothing of sockets.
 */
package io.hotpair.sync.identity;
