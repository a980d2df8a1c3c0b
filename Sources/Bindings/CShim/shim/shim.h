// helmctl-shim: one small process for each container, so that containers outlive the daemon.
#pragma once
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

/// What the daemon asked for: `helmctl-shim run KEY=VALUE…`.
struct request {
    const char *id;        // the container's id at the runtime
    const char *bundle;    // folder of config.json
    const char *runtime;   // crun or runc
    const char *root;      // the runtime's folder of states
    const char *folder;    // where state, exit, runtime.log and shim.log go
    const char *log;       // the container's log in CRI format
    const char *oom;       // cgroup file with an `oom_kill N` line
    long long limit;       // bytes of a log file before it is rotated
    bool hybrid;           // the host mixes cgroups v1 and v2
};

/// How the container's first process ended.
struct ending {
    int code;
    int signal;
    bool oom;
    struct timespec started, finished;
};

// log.c: the container's output, line by line in the format of the Container Runtime Interface.
struct log;
struct log *log_open(const char *path, long long limit);
/// Copies what is there to read; false at the stream's end.
bool log_copy(struct log *log, int stream, int descriptor);
/// Writes what has no line end yet.
void log_flush(struct log *log);

// runtime.c: calls of the OCI runtime.
void enter_private_mounts(void);
/// Runs the container detached; 0, or an exit code other than 0.
int runtime_run(const struct request *request, int output, int errors);
void runtime_delete(const struct request *request);

// files.c: files that survive a crash whole.
int write_whole(const char *folder, const char *name, const char *text);
size_t read_text(const char *path, char *buffer, size_t size);
