/** {@code hotpair demo}: a pair on this machine, disturbed and judged, shown live and reported with figures. */
package io.hotpair.cli.demo;
