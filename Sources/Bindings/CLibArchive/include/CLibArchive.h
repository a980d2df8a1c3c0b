#pragma once
#include <archive.h>
#include <archive_entry.h>
#include <libdeflate.h>
#include <zlib.h>

// zlib's start functions are macros, which Swift does not see.
int helmctl_inflate_begin(z_stream *stream);
int helmctl_deflate_begin(z_stream *stream, int level);

// libarchive converts names by the thread's locale, and Swift programs run in "C", where every name that is not ASCII
// is lost. These do the same as the functions that they are named after, with UTF-8 as the thread's encoding.
int helmctl_archive_read_next_header(struct archive *archive, struct archive_entry **entry);
int helmctl_archive_write_header(struct archive *archive, struct archive_entry *entry);

/// Opens `path` below `root` by openat2 without leaving it and without following a symbolic link; -1 and errno.
int helmctl_open_beneath(int root, const char *path, int flags, unsigned int mode);

/// Sets an extended attribute of `name` in `folder` without following a link; 0, or -1 and errno.
int helmctl_set_attribute(int folder, const char *name, const char *key, const void *value, long size);

/// The number of a device; a macro in C.
unsigned long helmctl_device(unsigned int major, unsigned int minor);

/// O_PATH, which the C library shows to GNU programs only.
static const int helmctl_o_path = 010000000;
