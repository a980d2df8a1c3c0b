#pragma once
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/types.h>

// System calls that Swift's Glibc module does not show, because they are GNU's, variadic, or change only the calling
// thread. All return -1 with errno on failure, unless they say otherwise.

/// Starts a program whose descriptor N is descriptors[N]; it gets no other, leads a session of its own and is told by
/// `pidfd` when it ends.
int helmctl_spawn(
    const char *path, char *const arguments[], char *const environment[], const int descriptors[], int count,
    pid_t *process, int *pidfd);

/// A descriptor that becomes readable when the process ends.
int helmctl_pidfd_open(pid_t process);
/// Sends a signal to exactly the process of that descriptor.
int helmctl_pidfd_signal(int pidfd, int number);
/// Collects an ended child: its exit status, 128 + signal where a signal ended it; -1 where it is no child of ours.
int helmctl_pidfd_reap(int pidfd);
/// Lets the threads share four arenas of memory, and gives long blocks back to the system: by itself glibc makes an arena a
/// thread, and keeps for good what one long answer has taken (mallopt(3)). With two arenas, threads wait for each other.
void helmctl_limit_arenas(void);
/// Gives free memory back to the system, where that is at least so many bytes (malloc_trim(3)): the C library keeps pages
/// between blocks that are in use. Threads that want memory meanwhile wait.
///
/// Returns how many bytes went back.
size_t helmctl_return_memory(size_t least);
/// Lets a process that soon ends take memory in large pieces and keep it: a system call for each 128 KB, and the faults of
/// pages that were given back and taken again, are felt in a rendering (mallopt(3)).
void helmctl_expect_growth(void);
/// Lets the heap grow by that many bytes, none of which is touched; returns where they begin, NULL where there is no room.
void *helmctl_grow_heap(size_t size);
/// Makes the pages of a range, as writing to them would; what cannot be had is left to who writes there (madvise(2)).
void helmctl_make_pages(void *start, size_t size);
/// Calls `body` on the calling thread, but on a stack of that size, of which only what is touched costs memory.
int helmctl_on_stack(size_t size, void (*body)(void *argument), void *argument);
/// How many bytes are left of the stack that helmctl_on_stack made; 0 where the thread is on its own.
size_t helmctl_stack_left(void);
/// Starts a thread that nobody waits for, on any core but the caller's: the scheduler may leave a new one on its maker's,
/// to begin when that has used up its time, which is longer than most renderings take (sched_setaffinity(2)).
///
/// Returns -1 where there is no other core, or no thread to be had.
int helmctl_start_aside(size_t stack, void *(*body)(void *argument), void *argument);

/// Mounts; NULL stands for "none" in each text.
int helmctl_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *options);
/// Unmounts at once, or when the last user is gone (`lazily`); never follows a link.
int helmctl_unmount(const char *target, int lazily);
/// Mounts an overlay whose options name folders relative to `base`, because they have to fit a page of memory.
int helmctl_mount_overlay(const char *base, const char *source, const char *target, const char *options);

enum {
    helmctl_mount_bind = 4096,
    helmctl_mount_readonly = 1,
    helmctl_mount_nosuid = 2,
    helmctl_mount_nodev = 4,
    helmctl_mount_noexec = 8,
    helmctl_mount_remount = 32,
    helmctl_mount_recursive = 16384,
    helmctl_mount_private = 1 << 18,
};

/// Makes network, UTS and IPC namespaces, holds each by a bind mount at the path given (an existing file), and sets the
/// host name. Returns a netlink route socket that lives in the new network namespace.
int helmctl_make_sandbox(const char *network, const char *uts, const char *ipc, const char *hostname);
/// A socket made in the network namespace at that path.
int helmctl_socket_in(const char *network, int domain, int type, int protocol);
/// A netlink route socket of this thread's network namespace.
int helmctl_route_socket(void);

/// Opens `path` as it is seen when `root` is the root of the file system.
int helmctl_open_in_root(int root, const char *path, int flags, unsigned int mode);

/// Device, inode and type of the file system of a path: whether it is cgroup v2 or a tmpfs.
long helmctl_filesystem_type(const char *path);

/// A descriptor that becomes readable when something changes in one of the folders (inotify); -1 where there is none.
int helmctl_watch_folders(const char *const folders[], int count);

/// Names the process, as the kernel shows it.
int helmctl_name_process(const char *name);

/// A file in memory without a name in any folder.
int helmctl_anonymous_file(const char *name);

/// O_PATH, which the C library shows to GNU programs only.
static const int helmctl_o_path = 010000000;

/// A pair of descriptors of a new terminal: what the program has, and the other end.
int helmctl_open_terminal(int *program, int *other);
/// Connects to a socket of packets in a folder, however long the folder's path is; -1 and errno where it fails.
int helmctl_connect_packets(const char *folder, const char *name);
/// Gives a terminal its size.
int helmctl_set_terminal_size(int terminal, unsigned short rows, unsigned short columns);
