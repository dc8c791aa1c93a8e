package io.hotpair.task.host;

import io.hotpair.drivers.linux.ParentProcess;
import io.hotpair.task.Task;
import java.nio.file.Path;

/**
 * Runs a user's task in this process, attached to a node: {@code TaskMain CLASS FILE}. Ends with the node; a task that throws ends it with code 1.
 */
public final class TaskMain {
    private TaskMain() {
    }

    /** @param arguments the class of the task, with a constructor without parameters, and the file that it shares with the node */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("usage: TaskMain CLASS FILE (started by a node)");
            System.exit(2);
        }
        Class<?> type;
        try {
            type = Class.forName(arguments[0]);
        } catch (ClassNotFoundException e) {
            System.err.println("no class " + arguments[0] + " in the class path " + System.getProperty("java.class.path"));
            System.exit(2);
            return;
        }
        AttachedTask attached = new AttachedTask(Path.of(arguments[1]), () -> make(type));
        if (!ParentProcess.dieWith(Integer.toString(attached.nodePid()))) {
            System.exit(0); // the node ended already
        }
        ParentProcess.ignoreInterrupt();
        try {
            attached.run();
            System.exit(0);
        } catch (Throwable thrown) {
            thrown.printStackTrace();
            System.exit(1); // also where the task has threads that would go on
        }
    }

    private static Task make(Class<?> type) {
        try {
            return (Task) type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalStateException(type.getName() + " is no task with a public constructor without parameters: " + e, e);
        }
    }
}
