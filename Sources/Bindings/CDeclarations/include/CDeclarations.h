#pragma once

/// The declarations of one API group: the text of a file of `kinds/`.
struct helmctl_declaration {
    const char *_Nonnull name;
    const unsigned char *_Nonnull text;
    unsigned long length;
};

/// How many files there are.
unsigned long helmctl_declaration_count(void);

/// One of them, from 0, sorted by name.
const struct helmctl_declaration *_Nonnull helmctl_declaration_at(unsigned long index);
