#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Longer lines are split into partial ones of this size, as containerd does.
enum { line_limit = 16 << 10, head_room = 64, output_size = 256 << 10 };

struct line {
    char bytes[line_limit];
    size_t length;
};

struct log {
    const char *path;
    long long limit, size;
    int file;
    struct line lines[2];
    char output[output_size];
    size_t length;
};

static void reopen(struct log *log) {
    log->file = open(log->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    off_t end = log->file >= 0 ? lseek(log->file, 0, SEEK_END) : 0;
    log->size = end > 0 ? end : 0;
}

struct log *log_open(const char *path, long long limit) {
    struct log *log = calloc(1, sizeof *log);
    if (!log) return NULL;
    log->path = path;
    log->limit = limit;
    reopen(log);
    return log;
}

/// Keeps one file before the current one, as the kubelet keeps a few.
static void rotate(struct log *log) {
    char previous[PATH_MAX];
    if (snprintf(previous, sizeof previous, "%s.1", log->path) >= (int)sizeof previous) return;
    if (rename(log->path, previous) != 0) return;
    close(log->file);
    reopen(log);
}

/// Writes the gathered lines. What a full disk refuses is lost: the container must not wait for a disk.
static void write_out(struct log *log) {
    size_t done = 0;
    while (log->file >= 0 && done < log->length) {
        ssize_t count = write(log->file, log->output + done, log->length - done);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        done += (size_t)count;
    }
    log->size += (long long)done;
    log->length = 0;
    if (log->limit > 0 && log->size >= log->limit) rotate(log);
}

/// `TIMESTAMP STREAM TAG TEXT`, with nine digits of fraction.
static void end_line(struct log *log, int stream, char tag) {
    static time_t second = -1;
    static char date[32];
    struct line *line = &log->lines[stream];
    if (log->length + head_room + line->length + 1 > output_size) write_out(log);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec != second) {
        struct tm parts;
        gmtime_r(&now.tv_sec, &parts);
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
        second = now.tv_sec;
    }
    log->length += (size_t)snprintf(
        log->output + log->length, head_room, "%s.%09ldZ %s %c ", date, now.tv_nsec, stream == 0 ? "stdout" : "stderr",
        tag);
    memcpy(log->output + log->length, line->bytes, line->length);
    log->length += line->length;
    log->output[log->length++] = '\n';
    line->length = 0;
}

void log_take(struct log *log, int stream, const char *bytes, size_t count) {
    struct line *line = &log->lines[stream];
    for (const char *at = bytes, *end = bytes + count; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        size_t room = line_limit - line->length;
        if (length > room) length = room;
        memcpy(line->bytes + line->length, at, length);
        line->length += length;
        at += length;
        if (at < end && *at == '\n') {
            end_line(log, stream, 'F');
            at++;
        } else if (line->length == line_limit) {
            end_line(log, stream, 'P');
        }
    }
    write_out(log);
}

void log_flush(struct log *log) {
    for (int stream = 0; stream < 2; stream++)
        if (log->lines[stream].length > 0) end_line(log, stream, 'F');
    write_out(log);
    if (log->file >= 0) fsync(log->file);
}
