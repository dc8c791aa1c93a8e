package io.hotpair.sim;

import java.util.Arrays;
import java.util.HashMap;

/**
 * Every order of inputs that a task of one group ever executed, as a tree: a node is a record and all that was executed before it. Two boards that
 * executed the same are at the same node. Knowledge of the simulator alone.
 */
final class History {
    private final HashMap<Long, Integer> children = new HashMap<>();
    private int[] parent = new int[1024];
    private long[] index = new long[1024];
    private long[] digest = new long[1024];
    private long[] input = new long[1024];
    private byte[] outputs = new byte[1024];
    private long[] firstNs = new long[1024];
    private int size = 1;

    /** The node behind {@code from} for a record, made if need be; negative ({@code ~node}) if it was made. */
    int child(int from, long recordHash) {
        long key = SimRandom.mix(from * 0x9E3779B97F4A7C15L ^ recordHash);
        Integer known = children.get(key);
        if (known != null) {
            return known;
        }
        if (size == parent.length) {
            parent = Arrays.copyOf(parent, 2 * size);
            index = Arrays.copyOf(index, 2 * size);
            digest = Arrays.copyOf(digest, 2 * size);
            input = Arrays.copyOf(input, 2 * size);
            outputs = Arrays.copyOf(outputs, 2 * size);
            firstNs = Arrays.copyOf(firstNs, 2 * size);
        }
        int node = size++;
        children.put(key, node);
        parent[node] = from;
        index[node] = index[from] + 1;
        return ~node;
    }

    void describe(int node, long inputKey, int outputCount, long digestThere, long nowNs) {
        input[node] = inputKey;
        outputs[node] = (byte) outputCount;
        digest[node] = digestThere;
        firstNs[node] = nowNs;
    }

    int parent(int node) {
        return parent[node];
    }

    long index(int node) {
        return index[node];
    }

    long digest(int node) {
        return digest[node];
    }

    /** Key of a numbered input, 0 if it is none. */
    long input(int node) {
        return input[node];
    }

    int outputs(int node) {
        return outputs[node];
    }

    long firstNs(int node) {
        return firstNs[node];
    }

    /** Whether one of the two is the other, or lies before it. */
    boolean related(int a, int b) {
        return contains(a, b) || contains(b, a);
    }

    /** Whether {@code node} is {@code of} or lies before it. */
    boolean contains(int of, int node) {
        int at = of;
        while (index[at] > index[node]) {
            at = parent[at];
        }
        return at == node;
    }
}
