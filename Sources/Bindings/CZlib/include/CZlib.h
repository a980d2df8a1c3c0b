#pragma once
#include <stddef.h>
#include <stdint.h>

/// A zlib stream that packs (`packs` not 0) or unpacks with a preset dictionary (RFC 1950, FDICT); NULL without memory.
/// The dictionary is copied by zlib where packing, and has to live as long as the stream where unpacking.
void *helmctl_zlib_open(int packs, const uint8_t *dictionary, size_t length);
void helmctl_zlib_close(void *stream);

/// Packs or unpacks one piece up to a sync flush. Returns how many bytes were written to `output`; -1 where the input is
/// damaged, -2 where there is no room for all.
ptrdiff_t helmctl_zlib_run(void *stream, const uint8_t *input, size_t length, uint8_t *output, size_t room);
