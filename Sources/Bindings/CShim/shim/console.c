#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// Who attaches speaks in packets of one letter and what belongs to it. To the shim: s (there will be input), i (input),
// e (its end), w (rows and columns). From the shim: o (standard output), x (standard error).
enum { most_clients = 8, packet_size = 32 << 10, patience = 5000 };
static const char attach_name[] = "attach.sock", terminal_name[] = "console.sock";

struct client {
    int socket;
    bool types;
};

struct console {
    const struct request *request;
    struct log *log;
    int streams[2];        // what the container writes: its pipes, or its terminal alone
    int input;             // where its input goes, -1 for nowhere
    int given[3];          // the container's ends until it has them
    int listener, terminal_listener;
    struct client clients[most_clients];
    char pending[packet_size];  // input that the container has not taken yet
    size_t length, taken;
    bool ends;             // the input ends after that
};

/// Sockets have short names only relative to the folder that they lie in, which is where the shim is.
static int listen_at(const char *name, int type) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, name);
    unlink(name);
    int made = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0) return -1;
    if (bind(made, (struct sockaddr *)&address, sizeof address) == 0 && listen(made, most_clients) == 0) return made;
    close(made);
    return -1;
}

static int make_pipe(int *ours, int *theirs, bool reads) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    *ours = ends[reads ? 0 : 1];
    *theirs = ends[reads ? 1 : 0];
    return 0;
}

struct console *console_open(const struct request *request, struct log *log) {
    struct console *console = calloc(1, sizeof *console);
    if (!console || chdir(request->folder) != 0) return NULL;
    console->request = request;
    console->log = log;
    console->input = console->terminal_listener = console->streams[0] = console->streams[1] = -1;
    for (int index = 0; index < 3; index++) console->given[index] = -1;
    for (int index = 0; index < most_clients; index++) console->clients[index].socket = -1;
    console->listener = listen_at(attach_name, SOCK_SEQPACKET);
    if (request->tty) {
        console->terminal_listener = listen_at(terminal_name, SOCK_STREAM);
        return console->terminal_listener < 0 ? NULL : console;
    }
    if (request->input) {
        if (make_pipe(&console->input, &console->given[0], false) != 0) return NULL;
        fcntl(console->input, F_SETFL, O_NONBLOCK);
    }
    for (int index = 0; index < 2; index++)
        if (make_pipe(&console->streams[index], &console->given[index + 1], true) != 0) return NULL;
    return console;
}

const int *console_given(const struct console *console) { return console->given; }

const char *console_terminal(const struct console *console) { return console->request->tty ? terminal_name : NULL; }

/// The terminal's descriptor comes as the OCI runtime sends it: as rights beside a message.
static int receive_terminal(int listener) {
    struct pollfd watched = {listener, POLLIN, 0};
    if (poll(&watched, 1, patience) <= 0) return -1;
    int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (connection < 0) return -1;
    char text[4096], rights[CMSG_SPACE(sizeof(int))];
    struct iovec place = {text, sizeof text};
    struct msghdr message = {
        .msg_iov = &place, .msg_iovlen = 1, .msg_control = rights, .msg_controllen = sizeof rights};
    int terminal = -1;
    if (recvmsg(connection, &message, MSG_CMSG_CLOEXEC) > 0) {
        struct cmsghdr *part = CMSG_FIRSTHDR(&message);
        if (part && part->cmsg_type == SCM_RIGHTS) memcpy(&terminal, CMSG_DATA(part), sizeof terminal);
    }
    close(connection);
    return terminal;
}

int console_started(struct console *console) {
    for (int index = 0; index < 3; index++)
        if (console->given[index] >= 0) close(console->given[index]);
    if (!console->request->tty) return 0;
    int terminal = receive_terminal(console->terminal_listener);
    close(console->terminal_listener);
    unlink(terminal_name);
    if (terminal < 0) return -1;
    fcntl(terminal, F_SETFL, O_NONBLOCK);
    console->streams[0] = terminal;
    if (console->request->input) console->input = terminal;
    return 0;
}

static void let_go(struct console *console, struct client *client) {
    close(client->socket);
    client->socket = -1;
    if (client->types && console->request->once) console->ends = true;
}

/// A client that takes nothing for a while is let go: the container does not wait for ever.
static void tell_all(struct console *console, char letter, const char *bytes, size_t count) {
    for (struct client *client = console->clients; client < console->clients + most_clients; client++) {
        if (client->socket < 0) continue;
        struct iovec parts[2] = {{&letter, 1}, {(void *)(uintptr_t)bytes, count}};
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
        ssize_t sent = sendmsg(client->socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EAGAIN) {
            struct pollfd watched = {client->socket, POLLOUT, 0};
            if (poll(&watched, 1, patience) > 0) sent = sendmsg(client->socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        }
        if (sent < 0) let_go(console, client);
    }
}

/// False at the stream's end; a terminal that nobody holds any more says EIO.
static bool copy_output(struct console *console, int stream) {
    static char bytes[packet_size];
    ssize_t count = read(console->streams[stream], bytes, sizeof bytes);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return true;
    if (count <= 0) return false;
    log_take(console->log, stream, bytes, (size_t)count);
    tell_all(console, stream == 0 ? 'o' : 'x', bytes, (size_t)count);
    return true;
}

static void give_input(struct console *console) {
    while (console->input >= 0 && console->taken < console->length) {
        ssize_t count =
            write(console->input, console->pending + console->taken, console->length - console->taken);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EAGAIN) return;
        // Nobody reads any more: what is typed is lost, as on any pipe.
        console->taken = count < 0 ? console->length : console->taken + (size_t)count;
    }
    console->taken = console->length = 0;
    if (!console->ends || console->input < 0) return;
    if (!console->request->tty) close(console->input);
    console->input = -1;
}

static void set_size(const struct console *console, const char *bytes) {
    uint16_t numbers[2];
    memcpy(numbers, bytes, sizeof numbers);
    struct winsize size = {.ws_row = numbers[0], .ws_col = numbers[1]};
    ioctl(console->streams[0], TIOCSWINSZ, &size);
}

static void take_packet(struct console *console, struct client *client) {
    char packet[packet_size];
    ssize_t count = recv(client->socket, packet, sizeof packet, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        let_go(console, client);
    } else if (packet[0] == 's') {
        client->types = true;
    } else if (packet[0] == 'i' && console->input >= 0) {
        console->length = (size_t)count - 1;
        memcpy(console->pending, packet + 1, console->length);
    } else if (packet[0] == 'e' && console->request->once) {
        console->ends = true;
    } else if (packet[0] == 'w' && count == 5 && console->request->tty && console->streams[0] >= 0) {
        set_size(console, packet + 1);
    }
    give_input(console);
}

static void take_client(struct console *console) {
    int socket = accept4(console->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0) return;
    for (struct client *client = console->clients; client < console->clients + most_clients; client++) {
        if (client->socket >= 0) continue;
        *client = (struct client){socket, false};
        return;
    }
    close(socket);
}

enum { at_signals = 2, at_listener, at_input, at_clients, most_watched = at_clients + most_clients };

static void watch(const struct console *console, int signals, struct pollfd watched[most_watched]) {
    for (int stream = 0; stream < 2; stream++) watched[stream] = (struct pollfd){console->streams[stream], POLLIN, 0};
    watched[at_signals] = (struct pollfd){signals, POLLIN, 0};
    watched[at_listener] = (struct pollfd){console->listener, POLLIN, 0};
    bool waits = console->length > 0;
    watched[at_input] = (struct pollfd){waits ? console->input : -1, POLLOUT, 0};
    // Who types has to wait until the container has taken what was typed before.
    for (int index = 0; index < most_clients; index++)
        watched[at_clients + index] = (struct pollfd){waits ? -1 : console->clients[index].socket, POLLIN, 0};
}

void console_attend(struct console *console, int signals, bool (*reap)(void *), void *context) {
    struct pollfd watched[most_watched];
    bool ended = reap(context);
    while (!ended || console->streams[0] >= 0 || console->streams[1] >= 0) {
        watch(console, signals, watched);
        // A process that got out of the container's pid namespace could hold a pipe for ever.
        int ready = poll(watched, most_watched, ended ? 500 : -1);
        if (ready == 0) break;
        if (ready < 0 && errno != EINTR) break;
        if (ready < 0) continue;
        if (watched[at_signals].revents) {
            struct signalfd_siginfo info;
            while (read(signals, &info, sizeof info) == sizeof info) {}
            ended = reap(context) || ended;
        }
        for (int stream = 0; stream < 2; stream++)
            if (watched[stream].revents && !copy_output(console, stream)) console->streams[stream] = -1;
        if (watched[at_input].revents) give_input(console);
        for (int index = 0; index < most_clients; index++)
            if (watched[at_clients + index].revents) take_packet(console, &console->clients[index]);
        if (watched[at_listener].revents) take_client(console);
    }
    log_flush(console->log);
}
