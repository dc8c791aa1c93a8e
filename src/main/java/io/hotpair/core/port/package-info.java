/** What the core needs from outside. Nothing here may block, throw or allocate. */
package io.hotpair.core.port;
