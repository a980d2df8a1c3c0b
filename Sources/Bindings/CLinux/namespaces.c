#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

// Namespaces belong to threads. Each of these calls is made on a thread of its own, which ends with it, so that no
// thread of the program ever stands in a namespace where it does not expect to be.

static int run_on_thread(void *(*body)(void *), void *context, int *failure) {
    pthread_t thread;
    int result = pthread_create(&thread, NULL, body, context);
    if (result == 0) {
        pthread_join(thread, NULL);
        result = *failure;
    }
    errno = result;
    return result ? -1 : 0;
}

int helmctl_route_socket(void) { return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE); }

struct sandbox {
    const char *network, *uts, *ipc, *hostname;
    int socket, failure;
};

static int hold(const char *name, const char *path) {
    char source[64];
    snprintf(source, sizeof source, "/proc/thread-self/ns/%s", name);
    return mount(source, path, NULL, MS_BIND, NULL);
}

static void *make_sandbox(void *context) {
    struct sandbox *sandbox = context;
    if (unshare(CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC) != 0 ||
        sethostname(sandbox->hostname, strlen(sandbox->hostname)) != 0 || hold("net", sandbox->network) != 0 ||
        hold("uts", sandbox->uts) != 0 || hold("ipc", sandbox->ipc) != 0 ||
        (sandbox->socket = helmctl_route_socket()) < 0)
        sandbox->failure = errno;
    return NULL;
}

int helmctl_make_sandbox(const char *network, const char *uts, const char *ipc, const char *hostname) {
    struct sandbox sandbox = {network, uts, ipc, hostname, -1, 0};
    return run_on_thread(make_sandbox, &sandbox, &sandbox.failure) == 0 ? sandbox.socket : -1;
}

struct visit {
    const char *network;
    int domain, type, protocol, socket, failure;
};

static void *visit(void *context) {
    struct visit *visit = context;
    int namespace = open(visit->network, O_RDONLY | O_CLOEXEC);
    if (namespace < 0 || setns(namespace, CLONE_NEWNET) != 0 ||
        (visit->socket = socket(visit->domain, visit->type | SOCK_CLOEXEC, visit->protocol)) < 0)
        visit->failure = errno;
    if (namespace >= 0) close(namespace);
    return NULL;
}

int helmctl_socket_in(const char *network, int domain, int type, int protocol) {
    struct visit request = {network, domain, type, protocol, -1, 0};
    return run_on_thread(visit, &request, &request.failure) == 0 ? request.socket : -1;
}
