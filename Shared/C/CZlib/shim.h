// Compression.
#include <zlib.h>

// deflateInit2 and inflateInit2 are macros, which Swift cannot call. 15 + 16 bits of window: in the form of gzip.
static inline int guichet_start_gzip(z_stream *stream, int level)
{
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

// A negative number of bits: without a header or a checksum.
static inline int guichet_start_deflate(z_stream *stream, int level, int window_bits)
{
    return deflateInit2(stream, level, Z_DEFLATED, -window_bits, 8, Z_DEFAULT_STRATEGY);
}

static inline int guichet_start_inflate(z_stream *stream)
{
    return inflateInit2(stream, -15);
}
