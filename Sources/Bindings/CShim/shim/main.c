#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

// The daemon listens here until the container runs or cannot; it may be gone at any time.
enum { report_descriptor = 3 };

static void report(const char *text) {
    ssize_t ignored = write(report_descriptor, text, strlen(text));
    (void)ignored;
    close(report_descriptor);
}

static int fail(const char *what) {
    char text[512];
    snprintf(text, sizeof text, "error %s: %s\n", what, strerror(errno));
    report(text);
    return 1;
}

static const char *value(int count, char **words, const char *key) {
    size_t length = strlen(key);
    for (int index = 0; index < count; index++)
        if (strncmp(words[index], key, length) == 0 && words[index][length] == '=') return words[index] + length + 1;
    return "";
}

static struct request parse(int count, char **words) {
    return (struct request){
        .id = value(count, words, "id"),
        .bundle = value(count, words, "bundle"),
        .runtime = value(count, words, "runtime"),
        .root = value(count, words, "root"),
        .folder = value(count, words, "folder"),
        .log = value(count, words, "log"),
        .oom = value(count, words, "oom"),
        .limit = atoll(value(count, words, "limit")),
        .hybrid = strcmp(value(count, words, "hybrid"), "1") == 0,
        .tty = strcmp(value(count, words, "tty"), "1") == 0,
        .input = strcmp(value(count, words, "input"), "1") == 0,
        .once = strcmp(value(count, words, "once"), "1") == 0,
    };
}

/// The process id that the runtime wrote, or 0.
static pid_t container_process(const struct request *request) {
    char path[PATH_MAX], text[32];
    snprintf(path, sizeof path, "%s/pid", request->folder);
    return read_text(path, text, sizeof text) > 0 ? (pid_t)atoi(text) : 0;
}

/// The time of a process' start in clock ticks, field 22 of its stat file: with it a process id is never mistaken.
static long long start_ticks(pid_t process) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", process);
    read_text(path, text, sizeof text);
    const char *at = strrchr(text, ')');
    for (int field = 2; at && field < 22; field++) at = strchr(at + 1, ' ');
    return at ? atoll(at + 1) : 0;
}

/// Tells a restarted daemon whom to wait for; `process` is 0 while the runtime is still at work.
static int announce(const struct request *request, pid_t process, struct timespec started) {
    char text[256];
    snprintf(
        text, sizeof text, "{\"pid\":%d,\"ticks\":%lld,\"shim\":%d,\"shimTicks\":%lld,\"started\":%lld.%09ld}\n", process,
        start_ticks(process), getpid(), start_ticks(getpid()), (long long)started.tv_sec, started.tv_nsec);
    return write_whole(request->folder, "state", text);
}

static bool was_killed_for_memory(const struct request *request) {
    char text[4096];
    if (request->oom[0] == 0 || read_text(request->oom, text, sizeof text) == 0) return false;
    // `oom_kill N` stands at the start of a line in v1's memory.oom_control and in v2's memory.events.
    for (const char *line = text; line; line = strchr(line, '\n')) {
        if (*line == '\n') line++;
        if (strncmp(line, "oom_kill ", 9) == 0) return atoll(line + 9) > 0;
    }
    return false;
}

static void record(const struct request *request, const struct ending *end) {
    char text[256];
    snprintf(
        text, sizeof text,
        "{\"code\":%d,\"signal\":%d,\"oom\":%s,\"started\":%lld.%09ld,\"finished\":%lld.%09ld}\n", end->code,
        end->signal, end->oom ? "true" : "false", (long long)end->started.tv_sec, end->started.tv_nsec,
        (long long)end->finished.tv_sec, end->finished.tv_nsec);
    write_whole(request->folder, "exit", text);
}

/// The process that is waited for, and what becomes of it.
struct watched {
    pid_t process;
    struct ending *end;
};

/// Collects every child that has ended; true when the container's first process was among them.
static bool reap(void *context) {
    struct watched *watched = context;
    struct ending *end = watched->end;
    int status;
    bool ended = false;
    for (pid_t child; (child = waitpid(-1, &status, WNOHANG)) > 0;) {
        if (child != watched->process) continue;
        ended = true;
        clock_gettime(CLOCK_REALTIME, &end->finished);
        end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        end->code = WIFSIGNALED(status) ? 128 + end->signal : WEXITSTATUS(status);
    }
    return ended;
}

static int give_up(const struct request *request, int code) {
    char text[64];
    snprintf(text, sizeof text, "failed %d\n", code);
    runtime_delete(request);
    report(text);
    return 1;
}

static int run(const struct request *request) {
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    int signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) return fail("subreaper");
    struct log *log = log_open(request->log, request->limit);
    struct console *console = log ? console_open(request, log) : NULL;
    if (!console) return fail("streams");
    struct ending end = {0};
    clock_gettime(CLOCK_REALTIME, &end.started);
    if (announce(request, 0, end.started) != 0) return fail("state");
    int code = runtime_run(request, console_given(console), console_terminal(console));
    pid_t process = code == 0 ? container_process(request) : 0;
    if (process <= 0 || console_started(console) != 0) return give_up(request, code);
    announce(request, process, end.started);
    report("started\n");
    console_attend(console, signals, reap, &(struct watched){process, &end});
    end.oom = was_killed_for_memory(request);
    record(request, &end);
    runtime_delete(request);
    return 0;
}

/// Stays as the first process of those that a pod's containers share, and collects the orphans among them.
static int stay(const char *folder, const char *file) {
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    if (unshare(CLONE_NEWPID) != 0) return 1;
    pid_t child = fork();
    if (child < 0) return 1;
    if (child > 0) {
        char text[64];
        snprintf(text, sizeof text, "%d %lld", child, start_ticks(child));
        if (write_whole(folder, file, text) == 0) return 0;
        kill(child, SIGKILL);
        return 1;
    }
    setsid();
    // Whoever started this waits for the end of its output.
    int nothing = open("/dev/null", O_RDWR);
    for (int index = 0; index < 3; index++) dup2(nothing, index);
    prctl(PR_SET_NAME, "helmctl-shim");
    for (int signal; sigwait(&mask, &signal) == 0;)
        while (waitpid(-1, NULL, WNOHANG) > 0) {}
    return 0;
}

int main(int count, char **words) {
    if (count > 2 && strcmp(words[1], "hybrid") == 0) {
        enter_private_mounts();
        execv(words[2], words + 2);
        fprintf(stderr, "helmctl-shim: %s: %s\n", words[2], strerror(errno));
        return 127;
    }
    if (count > 3 && strcmp(words[1], "stay") == 0) return stay(words[2], words[3]);
    if (count < 3 || strcmp(words[1], "run") != 0) {
        fprintf(stderr, "helmctl-shim is started by helmctl\n");
        return 2;
    }
    prctl(PR_SET_NAME, "helmctl-shim");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    struct request request = parse(count - 2, words + 2);
    return run(&request);
}
