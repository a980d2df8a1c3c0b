#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int helmctl_spawn(
    const char *path, char *const arguments[], char *const environment[], const int descriptors[], int count,
    pid_t *process, int *pidfd) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    // Out of the way of the numbers that they are to have first: one may be in the place of another.
    int kept[16];
    int failure = count > 16 ? EINVAL : 0;
    int ready = 0;
    for (; ready < count && !failure; ready++)
        if ((kept[ready] = fcntl(descriptors[ready], F_DUPFD_CLOEXEC, 16)) < 0) failure = errno;
    for (int index = 0; index < ready && !failure; index++)
        failure = posix_spawn_file_actions_adddup2(&actions, kept[index], index);
    if (!failure) failure = posix_spawn_file_actions_addclosefrom_np(&actions, count);
    if (!failure) failure = posix_spawn(process, path, &actions, &attributes, arguments, environment);
    for (int index = 0; index < ready; index++)
        if (kept[index] >= 0) close(kept[index]);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failure) {
        errno = failure;
        return -1;
    }
    // The child is not collected before somebody asks for it: its number is still its own.
    *pidfd = helmctl_pidfd_open(*process);
    return *pidfd < 0 ? -1 : 0;
}

int helmctl_pidfd_open(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int helmctl_pidfd_signal(int pidfd, int number) { return (int)syscall(SYS_pidfd_send_signal, pidfd, number, NULL, 0); }

int helmctl_pidfd_reap(int pidfd) {
    siginfo_t info = {0};
    while (waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED) != 0)
        if (errno != EINTR) return -1;
    return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

int helmctl_name_process(const char *name) { return prctl(PR_SET_NAME, name); }
