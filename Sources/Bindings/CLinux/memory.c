#define _GNU_SOURCE
#include "CLinux.h"

#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

// A page that nobody may touch ends each stack.
enum { guard = 4096 };

static _Thread_local uintptr_t bottom;

struct call {
    void (*body)(void *);
    void *argument;
    ucontext_t outer, inner;
};

// makecontext passes numbers only; this is read at once by the function that the context starts with.
static _Thread_local struct call *starting;

static void start(void) {
    struct call *call = starting;
    call->body(call->argument);
}

int helmctl_on_stack(size_t size, void (*body)(void *), void *argument) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;
    char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (stack == MAP_FAILED) return -1;
    struct call call = {.body = body, .argument = argument};
    if (mprotect(stack, guard, PROT_NONE) != 0 || getcontext(&call.inner) != 0) {
        munmap(stack, size);
        return -1;
    }
    call.inner.uc_stack.ss_sp = stack;
    call.inner.uc_stack.ss_size = size;
    call.inner.uc_link = &call.outer;
    makecontext(&call.inner, start, 0);
    uintptr_t before = bottom;
    bottom = (uintptr_t)stack + guard;
    starting = &call;
    int result = swapcontext(&call.outer, &call.inner);
    bottom = before;
    munmap(stack, size);
    return result;
}

size_t helmctl_stack_left(void) {
    char here;
    return bottom == 0 ? 0 : (uintptr_t)&here - bottom;
}

int helmctl_start_aside(size_t stack, void *(*body)(void *), void *argument) {
    cpu_set_t set;
    int here = sched_getcpu();
    if (here < 0 || sched_getaffinity(0, sizeof set, &set) != 0) return -1;
    CPU_CLR(here, &set);
    if (CPU_COUNT(&set) == 0) return -1;
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return -1;
    pthread_t thread;
    int status = pthread_attr_setstacksize(&attributes, stack);
    if (status == 0) status = pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (status == 0) status = pthread_attr_setaffinity_np(&attributes, sizeof set, &set);
    if (status == 0) status = pthread_create(&thread, &attributes, body, argument);
    pthread_attr_destroy(&attributes);
    return status == 0 ? 0 : -1;
}

void helmctl_limit_arenas(void) {
    mallopt(M_ARENA_MAX, 4);
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 4 << 20);
    mallopt(M_TOP_PAD, 128 << 10);
}

// What is in memory and belongs to no file (proc_pid_statm(5)).
static size_t anonymous(void) {
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file) return 0;
    unsigned long resident = 0, shared = 0;
    int fields = fscanf(file, "%*u %lu %lu", &resident, &shared);
    fclose(file);
    return fields == 2 ? (resident - shared) * (size_t)sysconf(_SC_PAGESIZE) : 0;
}

size_t helmctl_return_memory(size_t least) {
    size_t before = anonymous();
    if (before < least) return 0;
    struct mallinfo2 held = mallinfo2();
    if (before < held.uordblks + held.hblkhd + least) return 0;
    malloc_trim(0);
    size_t after = anonymous();
    return before > after ? before - after : 0;
}

void helmctl_expect_growth(void) {
    mallopt(M_TOP_PAD, 1 << 20);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

void *helmctl_grow_heap(size_t size) {
    // What is free at the end of the heap stays there for the next block, below M_TRIM_THRESHOLD.
    void *block = malloc(size);
    free(block);
    return block;
}

void helmctl_make_pages(void *start, size_t size) {
    uintptr_t page = 4096, from = ((uintptr_t)start + page - 1) & -page, to = ((uintptr_t)start + size) & -page;
    // In pieces, so that who uses the first ones need not wait for the last.
    for (uintptr_t piece = 64 * page; from < to; from += piece) {
        if (madvise((void *)from, to - from < piece ? to - from : piece, MADV_POPULATE_WRITE) != 0) return;
    }
}
