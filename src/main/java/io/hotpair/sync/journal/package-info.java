/**
 * What one group keeps on disk: records in preallocated segments, a base (snapshot) now and then, a mark. The caller's side of
 * {@link io.hotpair.sync.journal.FileJournal} puts messages into a ring and reads volatile fields; a writing thread turns whole groups of them into
 * one write and one fsync; a housekeeping thread prepares segments, finishes bases and deletes what a base covers. The format of every file is in
 * {@link io.hotpair.sync.journal.Format}.
 */
package io.hotpair.sync.journal;
