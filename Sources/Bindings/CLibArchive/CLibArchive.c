#define _GNU_SOURCE
#include "CLibArchive.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <limits.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

// 16 is added for gzip's own header and trailer, whose checksum zlib then verifies.
enum { gzip_window = 15 + 16, memory_level = 8 };

int helmctl_inflate_begin(z_stream *stream) { return inflateInit2(stream, gzip_window); }

int helmctl_deflate_begin(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY);
}

static locale_t utf8;
static pthread_once_t utf8_once = PTHREAD_ONCE_INIT;

static void make_utf8(void) { utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0); }

static locale_t enter_utf8(void) {
    pthread_once(&utf8_once, make_utf8);
    return utf8 ? uselocale(utf8) : (locale_t)0;
}

static void leave_utf8(locale_t previous) {
    if (previous) uselocale(previous);
}

// libarchive turns each name into wide characters only to see whether it ends with a slash, letter by letter through the
// locale: half of what a header costs. Without wide characters it looks at the name's bytes instead. Linked by --wrap.
const wchar_t *__wrap_archive_entry_pathname_w(struct archive_entry *entry);

const wchar_t *__wrap_archive_entry_pathname_w(struct archive_entry *entry) {
    (void)entry;
    return NULL;
}

int helmctl_archive_read_next_header(struct archive *archive, struct archive_entry **entry) {
    locale_t previous = enter_utf8();
    int result = archive_read_next_header(archive, entry);
    leave_utf8(previous);
    return result;
}

int helmctl_archive_write_header(struct archive *archive, struct archive_entry *entry) {
    locale_t previous = enter_utf8();
    int result = archive_write_header(archive, entry);
    leave_utf8(previous);
    return result;
}

int helmctl_open_beneath(int root, const char *path, int flags, unsigned int mode) {
    struct open_how how = {
        .flags = (unsigned int)flags | O_CLOEXEC,
        .mode = mode,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

// The tar writers call this function of libarchive's to tell of entries that a format cannot hold. It lives in the file
// with the table of all formats, which would draw in libxml2, lzma, bzip2 and nettle; defined here, that file is not
// linked. The writers return ARCHIVE_FAILED by themselves.
void __archive_write_entry_filetype_unsupported(
    struct archive *archive, struct archive_entry *entry, const char *format) {
    archive_set_error(
        archive, EINVAL, "%s: the %s format cannot hold an entry of this kind",
        archive_entry_pathname(entry), format);
}

int helmctl_set_attribute(int folder, const char *name, const char *key, const void *value, long size) {
    // There is no setxattrat before Linux 6.13; the kernel's link to the open folder leads to the same place.
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "/proc/self/fd/%d/%s", folder, name) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return lsetxattr(path, key, value, (size_t)size, 0);
}

unsigned long helmctl_device(unsigned int major, unsigned int minor) { return makedev(major, minor); }
