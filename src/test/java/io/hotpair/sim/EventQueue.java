package io.hotpair.sim;

import java.util.Arrays;

/**
 * What happens when: a four-way heap over two primitive arrays. Events of the same instant come out in the order in which they were put
 * in. An event's payload is an int, its meaning belongs to {@link World}.
 */
final class EventQueue {
    private long[] timeNs = new long[1024];
    private long[] orderAndPayload = new long[1024];
    private int size;
    private int order;

    void clear() {
        size = 0;
        order = 0;
    }

    int size() {
        return size;
    }

    /** Time of the next event, {@code Long.MAX_VALUE} if there is none. */
    long nextTimeNs() {
        return size == 0 ? Long.MAX_VALUE : timeNs[0];
    }

    void add(long atNs, int payload) {
        if (size == timeNs.length) {
            timeNs = Arrays.copyOf(timeNs, 2 * size);
            orderAndPayload = Arrays.copyOf(orderAndPayload, 2 * size);
        }
        long entry = (long) order++ << 32 | payload & 0xFFFF_FFFFL;
        int i = size++;
        while (i > 0) {
            int parent = i - 1 >>> 2;
            if (timeNs[parent] <= atNs) {
                break;
            }
            timeNs[i] = timeNs[parent];
            orderAndPayload[i] = orderAndPayload[parent];
            i = parent;
        }
        timeNs[i] = atNs;
        orderAndPayload[i] = entry;
    }

    /** Takes the next event; the queue must not be empty. */
    int poll() {
        int payload = (int) orderAndPayload[0];
        int last = --size;
        long atNs = timeNs[last];
        long entry = orderAndPayload[last];
        int i = 0;
        while (true) {
            int child = (i << 2) + 1;
            if (child >= last) {
                break;
            }
            int least = child;
            int end = Math.min(child + 4, last);
            for (int c = child + 1; c < end; c++) {
                if (before(timeNs[c], orderAndPayload[c], timeNs[least], orderAndPayload[least])) {
                    least = c;
                }
            }
            if (!before(timeNs[least], orderAndPayload[least], atNs, entry)) {
                break;
            }
            timeNs[i] = timeNs[least];
            orderAndPayload[i] = orderAndPayload[least];
            i = least;
        }
        timeNs[i] = atNs;
        orderAndPayload[i] = entry;
        return payload;
    }

    private static boolean before(long timeA, long entryA, long timeB, long entryB) {
        return timeA < timeB || timeA == timeB && (int) (entryA >> 32) - (int) (entryB >> 32) < 0;
    }
}
