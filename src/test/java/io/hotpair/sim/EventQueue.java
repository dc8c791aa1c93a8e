package io.hotpair.sim;

import java.util.Arrays;

/**
 * What happens when: a four-way heap over two primitive arrays. Events of the same instant come out in the order in which they were put
 * in. An event's payload is an int, its meaning belongs to {@link World}.
 */
final class EventQueue {
    /** A key is the time, up to nine minutes, and below it the order of arrival; so one comparison does. */
    private static final int ORDER_BITS = 24;
    private static final long ORDER_MASK = (1L << ORDER_BITS) - 1;

    private long[] keys = new long[1024];
    private int[] payloads = new int[1024];
    private int size;
    private long order;

    void clear() {
        size = 0;
        order = 0;
    }

    int size() {
        return size;
    }

    /** Time of the next event, {@code Long.MAX_VALUE} if there is none. */
    long nextTimeNs() {
        return size == 0 ? Long.MAX_VALUE : keys[0] >>> ORDER_BITS;
    }

    void add(long atNs, int payload) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
            payloads = Arrays.copyOf(payloads, 2 * size);
        }
        long key = atNs << ORDER_BITS | order++ & ORDER_MASK;
        int i = size++;
        while (i > 0) {
            int parent = i - 1 >>> 2;
            if (keys[parent] <= key) {
                break;
            }
            keys[i] = keys[parent];
            payloads[i] = payloads[parent];
            i = parent;
        }
        keys[i] = key;
        payloads[i] = payload;
    }

    /** Takes the next event; the queue must not be empty. */
    int poll() {
        int next = payloads[0];
        int last = --size;
        long key = keys[last];
        int i = 0;
        while (true) {
            int child = (i << 2) + 1;
            if (child >= last) {
                break;
            }
            int least = child;
            long leastKey = keys[child];
            int end = Math.min(child + 4, last);
            for (int c = child + 1; c < end; c++) {
                least = keys[c] < leastKey ? c : least;
                leastKey = Math.min(leastKey, keys[c]);
            }
            if (leastKey >= key) {
                break;
            }
            keys[i] = leastKey;
            payloads[i] = payloads[least];
            i = least;
        }
        keys[i] = key;
        payloads[i] = payloads[last];
        return next;
    }
}
