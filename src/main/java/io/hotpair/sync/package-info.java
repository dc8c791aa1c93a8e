/**
 * The replication of one group: the same inputs in the same order on both boards, outputs that leave once they may, a standby that can go on at once.
 * As pure as the core: time, stream, task, journal and outputs come in by the ports.
 */
package io.hotpair.sync;
