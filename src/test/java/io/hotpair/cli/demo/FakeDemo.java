package io.hotpair.cli.demo;

import io.hotpair.lab.FakeNodeKit;
import picocli.CommandLine;

/** The demonstration with fake nodes, to look at by hand. */
final class FakeDemo {
    private FakeDemo() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new DemoCommand(new FakeNodeKit())).execute(args));
    }
}
