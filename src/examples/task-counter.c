/*
 * A Hotpair task in C: counts its inputs and answers each with the count, followed by the input.
 *
 *   cc -O2 -o task-counter task-counter.c
 *
 * In the configuration the command of the task is the path of the program. The node appends one argument: the file that the two share. This
 * one file is all there is: no library. The layout is told in the README, "Writing a task in C"; the numbers below are its offsets.
 * Little-endian machines only (x86-64, aarch64).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* ---- the task: what it keeps, what it does. Deterministic: no clock, no randomness, nothing but its inputs. ---- */

struct counter {
    uint64_t count;
};

static struct counter state;

static void send_output(uint64_t index, uint32_t port, const void *data, uint32_t length);

static void on_input(uint64_t index, uint64_t time_ns, uint32_t port, const uint8_t *data, uint32_t length)
{
    uint8_t answer[1400];
    (void)time_ns; /* the only clock that a task may look at */
    (void)port;
    if (length > sizeof answer - 8)
        length = sizeof answer - 8;
    state.count++;
    memcpy(answer, &state.count, 8);
    memcpy(answer + 8, data, length);
    send_output(index, 0, answer, 8 + length);
}

static void on_tick(uint64_t index, uint64_t time_ns, uint64_t tick)
{
    (void)index, (void)time_ns, (void)tick;
}

/* Returns the length, or -2 if there is no room. */
static int64_t save(uint8_t *area, uint64_t bytes)
{
    if (bytes < sizeof state)
        return -2;
    memcpy(area, &state, sizeof state);
    return sizeof state;
}

/* length 0: the state that a task is born with. */
static void load(const uint8_t *area, uint64_t length)
{
    memset(&state, 0, sizeof state);
    if (length == sizeof state)
        memcpy(&state, area, sizeof state);
}

/* ---- the ring: Agrona's OneToOneRingBuffer ---- */

#define HEADER 8            /* u32 length with header, u32 type */
#define TAIL (2 * 64)       /* behind the data: position that the producer has claimed up to */
#define HEAD (6 * 64)       /* position that the consumer has read up to */
#define PADDING 0xFFFFFFFFu /* type of a filler up to the end of the data */

struct ring {
    uint8_t *data;
    uint32_t bytes; /* a power of two */
};

static _Atomic uint32_t *word32(const struct ring *ring, uint32_t at) { return (_Atomic uint32_t *)(ring->data + at); }
static _Atomic uint64_t *word64(const struct ring *ring, uint32_t at) { return (_Atomic uint64_t *)(ring->data + at); }

static uint32_t aligned(uint32_t length) { return (length + 7) & ~7u; }

/* Room for a message of so many bytes: where its header goes, or -1 while the ring is full. */
static int64_t ring_claim(const struct ring *ring, uint32_t length)
{
    uint32_t record = aligned(length + HEADER);
    uint64_t tail = atomic_load_explicit(word64(ring, ring->bytes + TAIL), memory_order_relaxed);
    uint64_t head = atomic_load_explicit(word64(ring, ring->bytes + HEAD), memory_order_acquire);
    uint32_t at = tail & (ring->bytes - 1), to_end = ring->bytes - at, padding = 0;
    /* one more header is always kept free: the zero behind the newest message tells the consumer to stop */
    if (record + HEADER > ring->bytes - (uint32_t)(tail - head))
        return -1;
    if (record + HEADER > to_end && record != to_end) {
        if (record + HEADER > (uint32_t)(head & (ring->bytes - 1)))
            return -1; /* it has to begin at the front, where the consumer still reads */
        padding = to_end;
    }
    atomic_store_explicit(word64(ring, ring->bytes + TAIL), tail + padding + record, memory_order_release);
    if (padding) {
        atomic_store_explicit(word64(ring, 0), 0, memory_order_relaxed);
        atomic_store_explicit(word32(ring, at + 4), PADDING, memory_order_relaxed);
        atomic_store_explicit(word32(ring, at), padding, memory_order_release);
        at = 0;
    }
    atomic_store_explicit(word64(ring, (at + record) & (ring->bytes - 1)), 0, memory_order_relaxed);
    return at;
}

/* The message claimed at this place is whole. */
static void ring_commit(const struct ring *ring, uint32_t at, uint32_t type, uint32_t length)
{
    atomic_store_explicit(word32(ring, at + 4), type, memory_order_relaxed);
    atomic_store_explicit(word32(ring, at), length + HEADER, memory_order_release);
}

/* The next message: its type and length, and where its fields begin; NULL if there is none. It is valid until ring_done. */
static const uint8_t *ring_next(const struct ring *ring, uint32_t *type, uint32_t *length)
{
    for (;;) {
        uint64_t head = atomic_load_explicit(word64(ring, ring->bytes + HEAD), memory_order_relaxed);
        uint32_t at = head & (ring->bytes - 1);
        int32_t record = (int32_t)atomic_load_explicit(word32(ring, at), memory_order_acquire);
        if (record <= 0)
            return NULL;
        *type = atomic_load_explicit(word32(ring, at + 4), memory_order_relaxed);
        *length = record - HEADER;
        if (*type != PADDING)
            return ring->data + at + HEADER;
        atomic_store_explicit(word64(ring, ring->bytes + HEAD), head + record, memory_order_release);
    }
}

static void ring_done(const struct ring *ring, uint32_t length)
{
    uint64_t head = atomic_load_explicit(word64(ring, ring->bytes + HEAD), memory_order_relaxed);
    atomic_store_explicit(word64(ring, ring->bytes + HEAD), head + aligned(length + HEADER), memory_order_release);
}

/* ---- the node's file ---- */

static uint8_t *file;
static struct ring to_task, from_task;
static int node_pipe;

static uint32_t u32(const uint8_t *at) { uint32_t value; memcpy(&value, at, 4); return value; }
static uint64_t u64(const uint8_t *at) { uint64_t value; memcpy(&value, at, 8); return value; }
static _Atomic uint32_t *control32(uint32_t at) { return (_Atomic uint32_t *)(file + at); }

/* If the node said that it sleeps, one of us takes that back and wakes it. */
static void wake_node(void)
{
    uint32_t sleeps = 1;
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load_explicit(control32(256), memory_order_relaxed) == 1 && atomic_compare_exchange_strong(control32(256), &sleeps, 0)) {
        ssize_t ignored = write(node_pipe, "", 1);
        (void)ignored;
    }
}

static void beat(void)
{
    atomic_fetch_add_explicit((_Atomic uint64_t *)(file + 384), 1, memory_order_relaxed);
}

/* A place for a message to the node; waits while the ring is full. */
static uint32_t claim(uint32_t length)
{
    int64_t at;
    while ((at = ring_claim(&from_task, length)) < 0) {
        struct timespec pause = {0, 50000};
        wake_node();
        nanosleep(&pause, NULL);
        beat();
    }
    return (uint32_t)at;
}

static void send_output(uint64_t index, uint32_t port, const void *data, uint32_t length)
{
    uint32_t at = claim(16 + length);
    uint64_t wide_port = port;
    memcpy(from_task.data + at + HEADER, &index, 8);
    memcpy(from_task.data + at + HEADER + 8, &wide_port, 8);
    memcpy(from_task.data + at + HEADER + 16, data, length);
    ring_commit(&from_task, at, 4, 16 + length);
}

static void answer(uint32_t type, const uint64_t *fields, uint32_t count)
{
    uint32_t at = claim(8 * count);
    memcpy(from_task.data + at + HEADER, fields, 8 * count);
    ring_commit(&from_task, at, type, 8 * count);
}

static void on_message(uint32_t type, const uint8_t *message, uint32_t length)
{
    uint64_t first = u64(message);
    if (type == 1) { /* record: index, time, kind, port, payload */
        if (u32(message + 16) == 1)
            on_input(first, u64(message + 8), u32(message + 20), message + 24, length - 24);
        else if (u32(message + 16) == 2)
            on_tick(first, u64(message + 8), u64(message + 24));
        answer(7, (uint64_t[]){first, 0, 0}, 3); /* executed; this task leaves out the digest of its state */
    } else if (type == 2) { /* snapshot */
        answer(5, (uint64_t[]){first, (uint64_t)save(file + u64(file + 40), u64(file + 56))}, 2);
    } else if (type == 3) { /* load: number, index, bytes */
        load(file + u64(file + 48), u64(message + 8) == 0 ? 0 : u64(message + 16));
        answer(6, &first, 1);
    }
}

static void sleep_until_woken(void)
{
    struct timespec limit = {0, 100000000}; /* an idle task shows ten times a second that it lives */
    uint32_t type, length;
    atomic_store(control32(192), 1);
    if (!ring_next(&to_task, &type, &length) && !atomic_load(control32(328)))
        syscall(SYS_futex, file + 192, FUTEX_WAIT, 1, &limit, NULL, 0);
    atomic_store(control32(192), 0);
}

int main(int count, char **arguments)
{
    char pipe_path[4096];
    struct stat info;
    uint32_t type, length;
    const uint8_t *message;
    int fd;

    if (count != 2 || (fd = open(arguments[1], O_RDWR | O_CLOEXEC)) < 0 || fstat(fd, &info) != 0) {
        fprintf(stderr, "usage: %s FILE (started by a node)\n", arguments[0]);
        return 2;
    }
    file = mmap(NULL, (size_t)info.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (file == MAP_FAILED || memcmp(file, "HPTASK01", 8) != 0 || u32(file + 8) != 1) {
        fprintf(stderr, "%s is no task file of version 1\n", arguments[1]);
        return 2;
    }
    to_task = (struct ring){file + u64(file + 24), u32(file + 16)};
    from_task = (struct ring){file + u64(file + 32), u32(file + 16)};
    snprintf(pipe_path, sizeof pipe_path, "%s.wake", arguments[1]);
    node_pipe = open(pipe_path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);

    /* end with the node, whatever happens to it; Ctrl-C reaches us too, but is the node's to act on */
    signal(SIGINT, SIG_IGN);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || (uint32_t)getppid() != u32(file + 12))
        return 0;

    atomic_store(control32(132), (uint32_t)getpid());
    atomic_store(control32(128), 1); /* ready */
    wake_node();
    while (!atomic_load(control32(328))) {
        beat();
        if (!(message = ring_next(&to_task, &type, &length))) {
            sleep_until_woken();
            continue;
        }
        on_message(type, message, length);
        ring_done(&to_task, length);
        wake_node();
    }
    return 0;
}
