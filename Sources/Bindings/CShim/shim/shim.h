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
    bool tty;              // the container has a terminal
    bool input;            // the container reads what is typed
    bool once;             // its input ends with the first who types
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
/// Takes bytes of standard output (0) or standard error (1).
void log_take(struct log *log, int stream, const char *bytes, size_t count);
/// Writes what has no line end yet.
void log_flush(struct log *log);

// console.c: the streams between the container, its log and those who attach.
struct console;
struct console *console_open(const struct request *request, struct log *log);
/// The container's ends of its streams, -1 for none.
const int *console_given(const struct console *console);
/// Where the runtime sends the terminal, relative to the container's folder; NULL for no terminal.
const char *console_terminal(const struct console *console);
/// To be called once the runtime has started the container; 0, or -1 where no terminal came.
int console_started(struct console *console);
/// Copies until the process has ended and all it wrote is read; `reap` says whether it has ended.
void console_attend(struct console *console, int signals, bool (*reap)(void *), void *context);

// runtime.c: calls of the OCI runtime.
void enter_private_mounts(void);
/// Runs the container detached; 0, or an exit code other than 0.
int runtime_run(const struct request *request, const int given[3], const char *terminal);
void runtime_delete(const struct request *request);

// files.c: files that survive a crash whole.
int write_whole(const char *folder, const char *name, const char *text);
size_t read_text(const char *path, char *buffer, size_t size);
