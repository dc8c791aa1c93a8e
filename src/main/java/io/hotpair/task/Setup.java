package io.hotpair.task;

/** What a task may ask before it starts. */
public interface Setup {
    /** Number of the input port with this name. @throws IllegalArgumentException naming the configured ports if there is none */
    int input(String name);

    /** Number of the output port with this name. @throws IllegalArgumentException naming the configured ports if there is none */
    int output(String name);

    /** Value of a key of the task's settings in the configuration, or {@code otherwise}. */
    String setting(String key, String otherwise);
}
