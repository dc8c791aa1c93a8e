package io.hotpair.node;

import io.hotpair.core.port.EventSink;
import io.hotpair.node.config.BoardId;
import io.hotpair.node.config.Config;
import io.hotpair.node.config.InputConfig;
import io.hotpair.node.config.OutputConfig;
import io.hotpair.node.config.TaskConfig;
import io.hotpair.sync.Commit;
import io.hotpair.sync.SyncConfig;
import io.hotpair.sync.journal.FileJournal;
import io.hotpair.sync.journal.JournalConfig;
import io.hotpair.sync.journal.NoJournal;
import io.hotpair.sync.journal.RecordFormat;
import io.hotpair.sync.journal.SyncRecordFormat;
import io.hotpair.sync.journal.TwoJournals;
import io.hotpair.sync.port.JournalPort;
import io.hotpair.sync.port.SyncEvents;
import io.hotpair.sync.stream.StreamSettings;
import io.hotpair.task.Task;
import io.hotpair.task.host.HostSettings;
import io.hotpair.task.host.InProcessTask;
import io.hotpair.task.host.ProcessTask;
import io.hotpair.task.host.StateThread;
import io.hotpair.task.host.TaskCommand;
import io.hotpair.task.host.TaskNames;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.tinylog.Logger;

/** Opens what the configuration says of a user's task: the task itself and its journal. */
final class TaskOpener {
    private static final String GROUP = "main";
    /**
     * The log ring, and outputs kept for a takeover: half of what the replication is made for, 0.3 s at 100,000 records a second, so that a node
     * keeps below its 128 MiB.
     */
    private static final int RECORDS = 32_768;
    private static final int RECORD_BYTES = 8 << 20;
    /** Towards the peer, for each network. */
    private static final int STREAM_BYTES = 1 << 20;

    private final Config config;
    private final BoardId board;
    private final TaskConfig task;
    private final Resources resources;
    private final List<Supplier<String>> troubles;

    /** @param resources takes what is opened */
    TaskOpener(Config config, BoardId board, TaskConfig task, Resources resources, List<Supplier<String>> troubles) {
        this.config = config;
        this.board = board;
        this.task = task;
        this.resources = resources;
        this.troubles = troubles;
    }

    SyncConfig syncConfig() {
        TaskConfig.Storage storage = task.storage();
        Commit commit = switch (storage.commit()) {
            case ONE -> Commit.ONE;
            case BOTH -> Commit.BOTH;
            case DURABLE -> Commit.DURABLE;
        };
        return SyncConfig.of(0, commit).log(RECORDS, RECORD_BYTES).outputs(RECORDS, RECORD_BYTES)
                .snapshot(Math.toIntExact(task.program().stateMaxBytes())).standbyWait(storage.standbyWaitNs())
                .leadWhenUnsure(storage.leadWhenUnsureNs().orElse(-1))
                .silence(config.timing().misses() * config.timing().heartbeatIntervalNs());
    }

    static StreamSettings streamSettings() {
        StreamSettings standard = StreamSettings.defaults();
        return new StreamSettings(STREAM_BYTES, standard.keepAliveNs(), standard.silenceNs(), standard.shortestRetryNs(),
                standard.longestRetryNs());
    }

    /** Events of the replication go to the ring of the core's. */
    static SyncEvents events(EventSink ring) {
        return (code, term, index, detail, nowNs) ->
                ring.onEvent(SyncEventText.FIRST_CODE + code, 0, term, SyncEventText.detail(code, index, detail), nowNs);
    }

    /** Starts the task. @throws StartException if it cannot be */
    HostedTask host() throws StartException, IOException {
        TaskConfig.Program program = task.program();
        TaskNames names = new TaskNames(task.inputs().stream().map(InputConfig::name).toList(),
                task.outputs().stream().map(OutputConfig::name).toList(), program.settings());
        HostSettings settings = new HostSettings().stateMaxBytes(program.stateMaxBytes()).deadlineNs(program.deadlineNs()).hangNs(program.hangNs())
                .outputsPerRecord(program.outputsPerInput());
        HostedTask hosted;
        if (program.inProcess()) {
            Class<? extends Task> type = taskClass(program);
            StateThread states = new StateThread();
            InProcessTask inside = resources.add(new InProcessTask(() -> make(type), names, settings, states));
            resources.add(states); // closed first: it may be using the task
            if (inside.failure() != null) {
                throw new StartException("task.class: " + inside.failure().getMessage(), inside.failure());
            }
            hosted = new HostedTask(inside);
        } else {
            TaskCommand command = program.className().map(name -> TaskCommand.java(name, program.classPath(), program.javaOptions()))
                    .orElseGet(() -> new TaskCommand(program.command()));
            hosted = new HostedTask(resources.add(new ProcessTask(config.runDir(board).resolve("task"), command, names, settings,
                    line -> Logger.info("task: {}", line))));
        }
        troubles.add(hosted::trouble);
        return hosted;
    }

    private static Class<? extends Task> taskClass(TaskConfig.Program program) throws StartException {
        String name = program.className().orElseThrow();
        try {
            ClassLoader loader = program.classPath().isEmpty() ? TaskOpener.class.getClassLoader()
                    : new URLClassLoader(urls(program.classPath()), TaskOpener.class.getClassLoader());
            return Class.forName(name, true, loader).asSubclass(Task.class);
        } catch (ClassNotFoundException e) {
            throw new StartException("task.class: no class " + name + " in Hotpair or in task.class-path", e);
        } catch (ClassCastException e) {
            throw new StartException("task.class: " + name + " does not implement " + Task.class.getName(), e);
        } catch (MalformedURLException e) {
            throw new StartException("task.class-path: " + e.getMessage(), e);
        }
    }

    private static URL[] urls(String classPath) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String part : classPath.split(File.pathSeparator)) {
            urls.add(Path.of(part).toUri().toURL());
        }
        return urls.toArray(new URL[0]);
    }

    private static Task make(Class<? extends Task> type) {
        try {
            return type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName() + " has no public constructor without parameters that works: " + e, e);
        }
    }

    /** Opens the journal; it is read by a thread of its own. */
    JournalPort journal() throws IOException {
        TaskConfig.Storage storage = task.storage();
        RecordFormat format = new SyncRecordFormat();
        FileJournal mirror = null;
        FileJournal shared = null;
        if (storage.kind().mirror()) {
            Path parent = storage.directory().map(directory -> directory.resolve(config.stateDir(board).getFileName()))
                    .orElse(config.stateDir(board));
            mirror = resources.add(FileJournal.mirror(Files.createDirectories(parent.resolve("journal")), format, JournalConfig.standard(), GROUP));
            troubles.add(mirror::trouble);
            troubles.add(mirror::findings);
        }
        if (storage.kind().shared()) {
            Path local = Files.createDirectories(config.stateDir(board).resolve("shared-journal"));
            shared = resources.add(FileJournal.shared(storage.sharedDirectory().orElseThrow().resolve(config.pair().name()).resolve(GROUP), local,
                    board.id(), format, JournalConfig.standard(), GROUP + "-shared"));
            troubles.add(shared::trouble);
            troubles.add(shared::findings);
        }
        if (mirror == null && shared == null) {
            return new NoJournal(format);
        }
        return mirror == null ? shared : shared == null ? mirror : new TwoJournals(mirror, shared);
    }
}
