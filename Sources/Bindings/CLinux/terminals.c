#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <pty.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

int helmctl_open_terminal(int *program, int *other) {
    // Raw from the start: what comes before the runtime has made it so, a ^D say, would be the end of its input to it.
    struct termios raw = {.c_cflag = B38400 | CS8 | CREAD};
    cfmakeraw(&raw);
    raw.c_cc[VMIN] = 1;
    if (openpty(other, program, NULL, &raw, NULL) != 0) return -1;
    fcntl(*program, F_SETFD, FD_CLOEXEC);
    fcntl(*other, F_SETFD, FD_CLOEXEC);
    return 0;
}

int helmctl_set_terminal_size(int terminal, unsigned short rows, unsigned short columns) {
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    return ioctl(terminal, TIOCSWINSZ, &size);
}

int helmctl_connect_packets(const char *folder, const char *name) {
    int directory = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return -1;
    // The path of a socket has 107 bytes at most: by its folder's descriptor it is short.
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d/%s", directory, name);
    int made = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    int failed = made < 0 || connect(made, (struct sockaddr *)&address, sizeof address) != 0;
    close(directory);
    if (!failed) return made;
    if (made >= 0) close(made);
    return -1;
}
