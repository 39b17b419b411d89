// librabbitmq, and the one call of it that Swift cannot make because it is variadic.
#include <amqp.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>

static inline amqp_rpc_reply_t guichet_amqp_login_plain(
    amqp_connection_state_t connection, const char *vhost, int heartbeat_seconds,
    const amqp_table_t *client_properties, const char *user, const char *password) {
  return amqp_login_with_properties(connection, vhost, AMQP_DEFAULT_MAX_CHANNELS, AMQP_DEFAULT_FRAME_SIZE,
                                    heartbeat_seconds, client_properties, AMQP_SASL_METHOD_PLAIN, user, password);
}
