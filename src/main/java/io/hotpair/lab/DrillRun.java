package io.hotpair.lab;

import java.util.List;

/**
 * One fault of a drill.
 *
 * @param verdict what the plant saw
 * @param events what the new primary recorded between the fault and its first output, oldest first
 * @param recoveryNs from the fault until the pair was whole again
 */
public record DrillRun(Verdict verdict, List<BoardEvent> events, long recoveryNs) {}
