#include "shim.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int write_whole(const char *folder, const char *name, const char *text) {
    char final[PATH_MAX], temporary[PATH_MAX];
    if (snprintf(final, sizeof final, "%s/%s", folder, name) >= (int)sizeof final) return -1;
    if (snprintf(temporary, sizeof temporary, "%s/.%s.new", folder, name) >= (int)sizeof temporary) return -1;
    int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return -1;
    size_t length = strlen(text);
    int failed = write(file, text, length) != (ssize_t)length || fsync(file) != 0;
    close(file);
    if (failed || rename(temporary, final) != 0) return -1;
    // The name has to survive as well.
    int directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return -1;
    fsync(directory);
    close(directory);
    return 0;
}

size_t read_text(const char *path, char *buffer, size_t size) {
    buffer[0] = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    size_t length = 0;
    ssize_t count;
    while (length < size - 1 && (count = read(file, buffer + length, size - 1 - length)) > 0) length += (size_t)count;
    close(file);
    buffer[length] = 0;
    return length;
}
