package io.hotpair.cli.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.hotpair.lab.BoardEvent;
import io.hotpair.lab.Distribution;
import io.hotpair.lab.DrillResult;
import io.hotpair.lab.DrillRun;
import io.hotpair.lab.FaultKind;
import io.hotpair.lab.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** The figures for a machine: one document, all times in ns from the fault. */
final class DemoJson {
    private final DrillResult result;
    private final long seed;

    DemoJson(DrillResult result, long seed) {
        this.result = result;
        this.seed = seed;
    }

    void write(OutputStream out) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(out).useDefaultPrettyPrinter()
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            json.writeStartObject();
            json.writeBooleanField("kept", result.kept());
            json.writeStringField("aborted", result.aborted());
            json.writeNumberField("seed", seed);
            json.writeObjectFieldStart("machine");
            json.writeNumberField("processors", Runtime.getRuntime().availableProcessors());
            json.writeStringField("architecture", System.getProperty("os.arch"));
            json.writeStringField("kernel", System.getProperty("os.version"));
            json.writeStringField("java", System.getProperty("java.runtime.version"));
            json.writeEndObject();
            json.writeArrayFieldStart("faults");
            for (FaultKind kind : FaultKind.values()) {
                List<DrillRun> runs = result.runs().stream().filter(run -> run.verdict().fault().kind() == kind).toList();
                if (!runs.isEmpty()) {
                    writeKind(json, kind, runs);
                }
            }
            json.writeEndArray();
            json.writeObjectFieldStart("undisturbed");
            json.writeNumberField("outputs", result.outputs());
            json.writeNumberField("malformed", result.malformed());
            writeDistribution(json, "gapNs", result.undisturbedGapNs());
            writeDistribution(json, "deliveryNs", result.deliveryNs());
            json.writeEndObject();
            json.writeEndObject();
        }
        out.write('\n');
        out.flush();
    }

    private static void writeKind(JsonGenerator json, FaultKind kind, List<DrillRun> runs) throws IOException {
        Distribution takeover = DemoReport.takeovers(runs);
        json.writeStartObject();
        json.writeStringField("fault", name(kind));
        json.writeNumberField("targetMedianNs", kind.targetNs());
        json.writeBooleanField("targetMet", takeover.count() > 0 && takeover.median() <= kind.targetNs());
        writeDistribution(json, "takeoverNs", takeover);
        json.writeArrayFieldStart("steps");
        for (DemoReport.Step step : DemoReport.steps(runs)) {
            json.writeStartObject();
            json.writeStringField("name", step.name());
            json.writeNumberField("medianNs", step.medianNs());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("runs");
        for (DrillRun run : runs) {
            writeRun(json, run);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeRun(JsonGenerator json, DrillRun run) throws IOException {
        Verdict verdict = run.verdict();
        json.writeStartObject();
        json.writeNumberField("run", verdict.fault().run());
        json.writeStringField("board", verdict.fault().board() == 0 ? "a" : "b");
        json.writeBooleanField("kept", verdict.kept());
        json.writeArrayFieldStart("broken");
        for (String promise : verdict.broken()) {
            json.writeString(promise);
        }
        json.writeEndArray();
        json.writeBooleanField("takenOver", verdict.takenOver());
        if (verdict.takenOver()) {
            json.writeNumberField("takeoverNs", verdict.takeoverNs());
            json.writeNumberField("firstOutputSentNs", verdict.firstSentNs());
            json.writeNumberField("lastOldOutputNs", verdict.lastOldNs());
            json.writeNumberField("silenceNs", verdict.silenceNs());
        }
        json.writeNumberField("openGates", verdict.openGates());
        json.writeNumberField("overlappingOutputs", verdict.overlapping());
        json.writeNumberField("outputsAfterWaking", verdict.afterWaking());
        json.writeNumberField("unaskedReigns", verdict.unasked());
        json.writeNumberField("lost", verdict.lost());
        json.writeNumberField("doubled", verdict.doubled());
        json.writeNumberField("replays", verdict.replays());
        json.writeNumberField("oldTerm", verdict.oldTerm());
        json.writeNumberField("newTerm", verdict.newTerm());
        json.writeNumberField("recoveryNs", run.recoveryNs());
        json.writeArrayFieldStart("events");
        for (BoardEvent event : run.events()) {
            json.writeStartObject();
            json.writeNumberField("afterNs", event.atNs() - verdict.fault().atNs());
            json.writeStringField("name", event.name());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeDistribution(JsonGenerator json, String field, Distribution distribution) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeNumberField("count", distribution.count());
        if (distribution.count() > 0) {
            json.writeNumberField("min", distribution.min());
            json.writeNumberField("p50", distribution.median());
            json.writeNumberField("p90", distribution.percentile(90));
            json.writeNumberField("p99", distribution.percentile(99));
            json.writeNumberField("max", distribution.max());
        }
        json.writeEndObject();
    }

    private static String name(FaultKind kind) {
        return kind.name().toLowerCase(java.util.Locale.ROOT);
    }
}
