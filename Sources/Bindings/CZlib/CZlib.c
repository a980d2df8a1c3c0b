#include "CZlib.h"

#include <stdlib.h>
#include <zlib.h>

struct flow {
    z_stream stream;
    int packs;
    const uint8_t *dictionary;
    size_t length;
};

void *helmctl_zlib_open(int packs, const uint8_t *dictionary, size_t length) {
    struct flow *flow = calloc(1, sizeof *flow);
    if (!flow) return NULL;
    *flow = (struct flow){.packs = packs, .dictionary = dictionary, .length = length};
    int code = packs ? deflateInit(&flow->stream, Z_BEST_COMPRESSION) : inflateInit(&flow->stream);
    if (code == Z_OK && packs) code = deflateSetDictionary(&flow->stream, dictionary, (uInt)length);
    if (code == Z_OK) return flow;
    helmctl_zlib_close(flow);
    return NULL;
}

void *helmctl_gzip_open(void) {
    struct flow *flow = calloc(1, sizeof *flow);
    if (!flow) return NULL;
    flow->packs = 1;
    // 16 beside the window's size asks for gzip's head and tail.
    if (deflateInit2(&flow->stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK) return flow;
    free(flow);
    return NULL;
}

void helmctl_zlib_close(void *stream) {
    struct flow *flow = stream;
    if (flow->packs) {
        deflateEnd(&flow->stream);
    } else {
        inflateEnd(&flow->stream);
    }
    free(flow);
}

static int step(struct flow *flow, int last) {
    if (flow->packs) return deflate(&flow->stream, last ? Z_FINISH : Z_SYNC_FLUSH);
    int code = inflate(&flow->stream, Z_SYNC_FLUSH);
    if (code != Z_NEED_DICT) return code;
    code = inflateSetDictionary(&flow->stream, flow->dictionary, (uInt)flow->length);
    return code == Z_OK ? inflate(&flow->stream, Z_SYNC_FLUSH) : code;
}

ptrdiff_t helmctl_zlib_run(
    void *stream, const uint8_t *input, size_t length, int last, uint8_t *output, size_t room) {
    struct flow *flow = stream;
    flow->stream.next_in = (Bytef *)input;
    flow->stream.avail_in = (uInt)length;
    flow->stream.next_out = output;
    flow->stream.avail_out = (uInt)room;
    int code = step(flow, last);
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return -1;
    if (flow->stream.avail_out == 0 || flow->stream.avail_in > 0) return -2;
    return (ptrdiff_t)(room - flow->stream.avail_out);
}
