#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int helmctl_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *options) {
    return mount(source, target, type, flags, options);
}

int helmctl_unmount(const char *target, int lazily) {
    return umount2(target, UMOUNT_NOFOLLOW | (lazily ? MNT_DETACH : 0));
}

struct overlay {
    const char *base, *source, *target, *options;
    int failure;
};

/// The working folder belongs to all threads; a thread that gives up sharing it can change its own.
static void *mount_overlay(void *context) {
    struct overlay *overlay = context;
    if (unshare(CLONE_FS) != 0 || chdir(overlay->base) != 0 ||
        mount(overlay->source, overlay->target, "overlay", 0, overlay->options) != 0)
        overlay->failure = errno;
    return NULL;
}

int helmctl_mount_overlay(const char *base, const char *source, const char *target, const char *options) {
    struct overlay overlay = {base, source, target, options, 0};
    pthread_t thread;
    int failure = pthread_create(&thread, NULL, mount_overlay, &overlay);
    if (!failure) {
        pthread_join(thread, NULL);
        failure = overlay.failure;
    }
    errno = failure;
    return failure ? -1 : 0;
}

int helmctl_open_in_root(int root, const char *path, int flags, unsigned int mode) {
    struct open_how how = {
        .flags = (unsigned int)flags | O_CLOEXEC,
        .mode = mode,
        .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
    };
    return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

long helmctl_filesystem_type(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (long)status.f_type : -1;
}

int helmctl_anonymous_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }
