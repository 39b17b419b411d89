// HTTP/1.1 over an epoll descriptor that the caller watches.
#include <microhttpd.h>
#include <poll.h>
#include <sys/epoll.h>

// MHD_start_daemon is variadic, which Swift cannot call; this is the one way in which the suite starts it.
static inline struct MHD_Daemon *guichet_start_daemon(
    MHD_socket listening_socket, size_t connection_memory, unsigned int connection_limit,
    MHD_AccessHandlerCallback handle,
    void *(*begin)(void *context, const char *target, struct MHD_Connection *connection),
    MHD_RequestCompletedCallback complete, MHD_NotifyConnectionCallback notify,
    size_t (*unescape)(void *context, struct MHD_Connection *connection, char *text), MHD_LogCallback notice_failure,
    void *context)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE | MHD_USE_ERROR_LOG, 0, NULL, NULL, handle, context,
        MHD_OPTION_EXTERNAL_LOGGER, notice_failure, context,
        MHD_OPTION_LISTEN_SOCKET, listening_socket,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_memory,
        MHD_OPTION_CONNECTION_LIMIT, connection_limit,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, begin, context,
        MHD_OPTION_NOTIFY_COMPLETED, complete, context,
        MHD_OPTION_NOTIFY_CONNECTION, notify, context,
        MHD_OPTION_UNESCAPE_CALLBACK, unescape, context,
        MHD_OPTION_END);
}

// MHD_get_connection_info is variadic too.
static inline MHD_socket guichet_connection_descriptor(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

// Whether the other end has closed the connection, or at least its sending half. EPOLLRDHUP has the value of POLLRDHUP,
// which poll.h declares for _GNU_SOURCE only.
static inline int guichet_peer_has_closed(int descriptor)
{
    struct pollfd state = {.fd = descriptor, .events = EPOLLRDHUP};
    return poll(&state, 1, 0) > 0;
}

static inline size_t guichet_head_size(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
}

// Whether the whole head was received and no answer is queued.
static inline int guichet_head_awaits_answer(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE) != NULL
        && MHD_get_connection_info(connection, MHD_CONNECTION_INFO_HTTP_STATUS) == NULL;
}

static inline void *guichet_socket_context(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static inline const struct sockaddr *guichet_client_address(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
}

static inline int guichet_epoll_descriptor(struct MHD_Daemon *daemon)
{
    return MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

// MHD_upgrade_action is variadic too.
static inline void guichet_close_upgraded(struct MHD_UpgradeResponseHandle *handle)
{
    MHD_upgrade_action(handle, MHD_UPGRADE_ACTION_CLOSE);
}
