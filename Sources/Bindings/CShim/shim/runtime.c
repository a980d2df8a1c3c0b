#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

/// crun refuses hosts that mount cgroup v2 beside v1: it does not see the v2 hierarchy from a mount namespace that has
/// none. Mounts made elsewhere keep arriving here, none leaves.
void enter_private_mounts(void) {
    if (unshare(CLONE_NEWNS) != 0) return;
    mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL);
    umount2("/sys/fs/cgroup/unified", MNT_DETACH);
}

static const int nothing_given[3] = {-1, -1, -1};

static pid_t start(const struct request *request, char *const arguments[], const int given[3]) {
    pid_t child = fork();
    if (child != 0) return child;
    int nothing = open("/dev/null", O_RDWR);
    for (int index = 0; index < 3; index++) dup2(given[index] >= 0 ? given[index] : nothing, index);
    close_range(3, ~0U, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    if (request->hybrid) enter_private_mounts();
    execv(request->runtime, arguments);
    _exit(127);
}

static int finish(pid_t child) {
    int status;
    if (child < 0) return 126;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return 126;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int runtime_run(const struct request *request, const int given[3], const char *terminal) {
    char log[PATH_MAX], pid[PATH_MAX];
    // runc and crun both take the log's path alone; crun would log to standard error, which is the container's.
    snprintf(log, sizeof log, "%s/runtime.log", request->folder);
    snprintf(pid, sizeof pid, "%s/pid", request->folder);
    char *const arguments[] = {
        (char *)request->runtime, "--root", (char *)request->root, "--log", log, "run", "--detach", "--bundle",
        (char *)request->bundle, "--pid-file", pid, terminal ? "--console-socket" : (char *)request->id,
        (char *)terminal, (char *)request->id, NULL,
    };
    return finish(start(request, arguments, given));
}

void runtime_delete(const struct request *request) {
    char *const arguments[] = {
        (char *)request->runtime, "--root", (char *)request->root, "delete", "--force", (char *)request->id, NULL,
    };
    finish(start(request, arguments, nothing_given));
}
