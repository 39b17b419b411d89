// Compression.
#include <zlib.h>

// deflateInit2 is a macro, which Swift cannot call. 15 + 16 bits of window: in the form of gzip.
static inline int guichet_start_gzip(z_stream *stream, int level)
{
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
