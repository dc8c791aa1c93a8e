/** Built wrong on purpose: each class breaks an arrow, so that {@code ArchitectureTest} can see every rule bite. */
package io.hotpair.architecture.wrong;
