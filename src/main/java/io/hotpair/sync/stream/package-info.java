/**
 * The stream between the boards: two TCP connections, one over each network, grown out of the identity handshake. Every message is sealed with a key
 * of its connection and direction. Network loop and duty cycle meet in rings of fixed size only.
 */
package io.hotpair.sync.stream;
