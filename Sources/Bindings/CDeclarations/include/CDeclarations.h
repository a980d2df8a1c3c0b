#pragma once

/// An embedded text: a file of `kinds/`, the declarations of one API group, or of `words/`, what is said of them.
struct helmctl_declaration {
    const char *_Nonnull name;
    const unsigned char *_Nonnull text;
    unsigned long length;
};

/// How many files of `kinds/` there are.
unsigned long helmctl_declaration_count(void);

/// One of them, from 0, sorted by name.
const struct helmctl_declaration *_Nonnull helmctl_declaration_at(unsigned long index);

/// How many files of `words/` there are.
unsigned long helmctl_words_count(void);

/// One of them, from 0, sorted by name.
const struct helmctl_declaration *_Nonnull helmctl_words_at(unsigned long index);
