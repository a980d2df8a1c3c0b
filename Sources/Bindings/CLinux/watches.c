#include "CLinux.h"

#include <sys/inotify.h>
#include <unistd.h>

int helmctl_watch_folders(const char *const folders[], int count) {
    int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    for (int index = 0; watch >= 0 && index < count; index++) {
        if (inotify_add_watch(watch, folders[index], IN_MODIFY | IN_CREATE | IN_MOVED_TO) >= 0) continue;
        close(watch);
        return -1;
    }
    return watch;
}
