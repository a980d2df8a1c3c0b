#pragma once
#include <stddef.h>
#include <stdint.h>

/// A zlib stream that packs (`packs` not 0) or unpacks with a preset dictionary (RFC 1950, FDICT); NULL without memory.
/// The dictionary is copied by zlib where packing, and has to live as long as the stream where unpacking.
void *helmctl_zlib_open(int packs, const uint8_t *dictionary, size_t length);
/// A gzip stream that packs (RFC 1952) at the speed that upstream's API server has; NULL without memory.
void *helmctl_gzip_open(void);
void helmctl_zlib_close(void *stream);

/// Packs or unpacks one piece up to a sync flush, or up to the end of what is packed where `last` is not 0. Returns how many bytes were written to `output`; -1 where the input is
/// damaged, -2 where there is no room for all.
ptrdiff_t helmctl_zlib_run(
    void *stream, const uint8_t *input, size_t length, int last, uint8_t *output, size_t room);
