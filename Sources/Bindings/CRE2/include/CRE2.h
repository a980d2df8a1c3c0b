// RE2 for Swift: patterns, matches with captures, and what is wrong with a malformed one.
#ifndef HELMCTL_CRE2_H
#define HELMCTL_CRE2_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cre2_pattern cre2_pattern;

/// Compiles a pattern of `length` bytes; never null. `cre2_error` tells whether it is one.
cre2_pattern *cre2_compile(const char *pattern, size_t length, size_t max_memory);
void cre2_free(cre2_pattern *pattern);

/// RE2's error code, 0 for a good pattern; the offending part is given by its bytes.
int cre2_error(const cre2_pattern *pattern, const char **argument, size_t *length);

/// The number of groups, without the whole match.
int cre2_groups(const cre2_pattern *pattern);
/// The number of the group of that name; 0 where there is none.
int cre2_group_named(const cre2_pattern *pattern, const char *name, size_t length);

/// Searches `text` from `start` on; 1 when found. `offsets` gets start and end of the match and of `count` - 1
/// groups, -1 for those that took no part.
int cre2_search(const cre2_pattern *pattern, const char *text, size_t length, size_t start, ptrdiff_t *offsets,
                int count);

#ifdef __cplusplus
}
#endif
#endif
