package io.hotpair.cli;

/** The version that the build wrote into the jar. */
final class SoftwareVersion {
    private SoftwareVersion() {
    }

    static String get() {
        String version = SoftwareVersion.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
