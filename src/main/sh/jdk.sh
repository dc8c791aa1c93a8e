# Finds a JDK 25 or newer; read by ./hotpair, ./mvnw and .ci/run (POSIX sh).
#
# find_jdk   prints the folder of the JDK; returns 3 after one line on stderr where there is none.
#
# Looked at in this order, first hit wins: JAVA_HOME, the java on the PATH, the folders where
# distributions, vendors' archives and SDKMAN put JDKs (the newest version found there).
# The version comes from the JDK's own `release` file, so no JVM is started to ask.

oldest_java=25

# jdk_version FOLDER: prints the feature version (25) of a folder that holds a whole JDK, else nothing.
jdk_version() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release"
}

new_enough() {
    _version=$(jdk_version "$1")
    [ -n "$_version" ] && [ "$_version" -ge "$oldest_java" ]
}

find_jdk() {
    if [ -n "${JAVA_HOME:-}" ] && new_enough "$JAVA_HOME"; then
        printf '%s\n' "$JAVA_HOME"
        return 0
    fi
    _java=$(command -v java 2>/dev/null) && _java=$(readlink -f "$_java") && {
        _home=${_java%/bin/java}
        if new_enough "$_home"; then
            printf '%s\n' "$_home"
            return 0
        fi
    }
    _best='' _best_version=0
    for _home in /usr/lib/jvm/* /usr/java/* /usr/local/java/* /opt/* /opt/java/* /opt/jdk/* \
        "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/*; do
        new_enough "$_home" || continue
        if [ "$_version" -gt "$_best_version" ]; then
            _best=$_home _best_version=$_version
        fi
    done
    if [ -n "$_best" ]; then
        printf '%s\n' "$_best"
        return 0
    fi
    echo "hotpair: no JDK $oldest_java or newer found (JAVA_HOME, PATH, /usr/lib/jvm, /opt, SDKMAN): install one" \
        "(Debian 13, Raspberry Pi OS trixie: apt install openjdk-25-jdk-headless)" >&2
    return 3
}
