// HTTP requests over sockets that the caller watches: libcurl's multi interface.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

// libcurl's setters and getters are variadic, which Swift cannot call.
static inline CURLcode guichet_set_long(CURL *easy, CURLoption option, long value)
{
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode guichet_set_text(CURL *easy, CURLoption option, const char *value)
{
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode guichet_set_body(CURL *easy, const void *bytes, size_t count)
{
    CURLcode code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes) : code;
}

static inline CURLcode guichet_set_headers(CURL *easy, struct curl_slist *headers)
{
    return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
}

// Both callbacks and `guichet_context` get `context`.
static inline void guichet_set_receivers(
    CURL *easy, size_t (*head)(char *, size_t, size_t, void *), size_t (*body)(char *, size_t, size_t, void *),
    void *context)
{
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, head);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, context);
}

static inline void *guichet_context(CURL *easy)
{
    char *context = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &context);
    return context;
}

// The bytes of requests that were handed to the network, over all connections that were tried.
static inline long guichet_sent_bytes(CURL *easy)
{
    long count = 0;
    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &count);
    return count;
}

static inline void guichet_observe(
    CURLM *multi, int (*socket)(CURL *, curl_socket_t, int, void *, void *), int (*timer)(CURLM *, long, void *),
    void *context)
{
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
}

static inline void guichet_limit_connections(CURLM *multi, long total, long per_host)
{
    curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, total);
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, per_host);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, total);
}

// CURL_GLOBAL_ALL is a macro that Swift does not import.
static inline CURLcode guichet_curl_init(void)
{
    return curl_global_init(CURL_GLOBAL_ALL);
}

static inline void guichet_status(CURL *easy, long *status)
{
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, status);
}
