#include "CRE2.h"

#include <re2/re2.h>

#include <string>
#include <vector>

struct cre2_pattern {
    RE2 re2;
    cre2_pattern(re2::StringPiece text, const RE2::Options &options) : re2(text, options) {}
};

extern "C" cre2_pattern *cre2_compile(const char *pattern, size_t length, size_t max_memory) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(static_cast<int64_t>(max_memory));
    return new cre2_pattern(re2::StringPiece(pattern, length), options);
}

extern "C" void cre2_free(cre2_pattern *pattern) { delete pattern; }

extern "C" int cre2_error(const cre2_pattern *pattern, const char **argument, size_t *length) {
    const std::string &text = pattern->re2.error_arg();
    *argument = text.data();
    *length = text.size();
    return pattern->re2.ok() ? 0 : pattern->re2.error_code();
}

extern "C" int cre2_groups(const cre2_pattern *pattern) { return pattern->re2.NumberOfCapturingGroups(); }

extern "C" int cre2_group_named(const cre2_pattern *pattern, const char *name, size_t length) {
    const auto &names = pattern->re2.NamedCapturingGroups();
    auto found = names.find(std::string(name, length));
    return found == names.end() ? 0 : found->second;
}

extern "C" int cre2_search(const cre2_pattern *pattern, const char *text, size_t length, size_t start,
                           ptrdiff_t *offsets, int count) {
    std::vector<re2::StringPiece> groups(static_cast<size_t>(count));
    if (!pattern->re2.Match(re2::StringPiece(text, length), start, length, RE2::UNANCHORED, groups.data(), count)) {
        return 0;
    }
    for (int i = 0; i < count; i++) {
        const re2::StringPiece &group = groups[static_cast<size_t>(i)];
        offsets[2 * i] = group.data() == nullptr ? -1 : group.data() - text;
        offsets[2 * i + 1] = group.data() == nullptr ? -1 : offsets[2 * i] + static_cast<ptrdiff_t>(group.size());
    }
    return 1;
}
