#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <pty.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <termios.h>

int helmctl_open_terminal(int *program, int *other) {
    if (openpty(other, program, NULL, NULL, NULL) != 0) return -1;
    fcntl(*program, F_SETFD, FD_CLOEXEC);
    fcntl(*other, F_SETFD, FD_CLOEXEC);
    return 0;
}

int helmctl_set_terminal_size(int terminal, unsigned short rows, unsigned short columns) {
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    return ioctl(terminal, TIOCSWINSZ, &size);
}
