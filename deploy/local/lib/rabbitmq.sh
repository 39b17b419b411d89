# A private RabbitMQ with an epmd of its own: one started by Erlang itself would be shared with the system and outlive us.

rabbitmq_api() {
    curl -fsS --max-time 10 -K <(printf 'user = "guichet:%s"\n' "$(secret rabbitmq-guichet)") \
        "http://127.0.0.1:$amqp_management_port/api/$1" "${@:2}"
}
rabbitmq_answers() { rabbitmq_api "health/checks/port-listener/$amqp_port"; }
epmd_answers() { epmd -port "$epmd_port" -names; }

# amqp_url USER VHOST
amqp_url() { echo "amqp://$1:$(secret "rabbitmq-$1")@127.0.0.1:$amqp_port/$2"; }

# amqp_management_url HOST:PORT: for Identity, which makes the accounts of subscribers.
amqp_management_url() { echo "http://$subscribers_account:$(secret "rabbitmq-$subscribers_account")@$1"; }
subscribers_account=identity-subscribers

start_rabbitmq() {
    already_up epmd epmd_answers ||
        launch epmd "${as_server[@]}" epmd -port "$epmd_port" -address 127.0.0.1 -relaxed_command_check
    already_up rabbitmq rabbitmq_answers && return
    await epmd 60 epmd_answers
    local home
    home=$(folder rabbitmq)
    make_folder rabbitmq
    write_private "$home/plugins" <<<'[rabbitmq_management,rabbitmq_prometheus].'
    write_private "$home/environment" </dev/null
    rabbitmq_configuration | write_private "$home/rabbitmq.conf"
    # Erlang's schedulers otherwise spin for a while when they run out of work, which costs processor time that others need.
    local without_spinning='+sbwt none +sbwtdcpu none +sbwtdio none'
    # RUNNING_UNDER_SYSTEMD makes the start script become the Erlang machine instead of waiting for it.
    launch rabbitmq "${as_server[@]}" env -u XDG_CONFIG_HOME HOME="$home" LANG=C.UTF-8 RUNNING_UNDER_SYSTEMD=1 \
        RABBITMQ_NODENAME=guichet@localhost RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$amqp_port" \
        RABBITMQ_DIST_PORT="$amqp_cluster_port" ERL_EPMD_PORT="$epmd_port" ERL_EPMD_ADDRESS=127.0.0.1 \
        RABBITMQ_MNESIA_BASE="$home/data" RABBITMQ_LOG_BASE="$home" RABBITMQ_LOGS=- \
        RABBITMQ_CONF_ENV_FILE="$home/environment" RABBITMQ_CONFIG_FILE="$home/rabbitmq.conf" \
        RABBITMQ_ADVANCED_CONFIG_FILE="$home/advanced.config" RABBITMQ_ENABLED_PLUGINS_FILE="$home/plugins" \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1} $without_spinning" \
        /usr/lib/rabbitmq/bin/rabbitmq-server
}

rabbitmq_configuration() {
    cat <<CONF
listeners.tcp.1 = 127.0.0.1:$amqp_port
listeners.ssl.1 = 127.0.0.1:$amqp_tls_port
ssl_options.cacertfile = $state/tls/ca.pem
ssl_options.certfile = $state/tls/server.pem
ssl_options.keyfile = $state/tls/server.pem
ssl_options.versions.1 = tlsv1.3
ssl_options.versions.2 = tlsv1.2
management.tcp.ip = 127.0.0.1
management.tcp.port = $amqp_management_port
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = $amqp_metrics_port
default_user = guichet
default_pass = $(secret rabbitmq-guichet)
log.console.level = warning
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 200MB
CONF
}

# provision_rabbitmq: hosts guichet (the suite) and test, the administrator on both, one user a service on the first.
provision_rabbitmq() { rabbitmq_definitions | rabbitmq_api definitions -o /dev/null -H 'Content-Type: application/json' -d @-; }

# The most that a queue of a subscriber holds, and for how long one without a consumer is kept. The operator's policy
# binds whatever the subscriber declares.
subscriber_limits() {
    jq -n '{parameters: [{vhost: "guichet", component: "operator_policy", name: "subscribers",
        value: {pattern: "^sub\\.", "apply-to": "queues", priority: 0,
            definition: {"max-length": 100000, "max-length-bytes": 268435456, expires: 604800000}}}]}'
}

# Events that no queue was bound for name accounts: they go after a week, as those of the outboxes do.
unrouted_limits() {
    jq -n '{policies: [{vhost: "guichet", name: "unrouted", pattern: "^guichet\\.unrouted$", "apply-to": "queues", priority: 0,
        definition: {"message-ttl": 604800000}}]}'
}

# A service may touch the shared exchanges (guichet.events and its alternate) and whatever carries its own name. To
# guichet.events it publishes its own events and those of the platform alone. The administrator is an impersonator: they
# can put a message back with the user_id that it has. Accounts can only be made by an administrator; Identity has one of
# its own for those of subscribers, which opens nothing over AMQP but their queues.
rabbitmq_definitions() {
    local name
    {
        subscriber_limits
        unrouted_limits
        jq -n --rawfile password "$(secret_file rabbitmq-guichet)" '
            def all(host): {user: "guichet", vhost: host, configure: ".*", write: ".*", read: ".*"};
            {vhosts: [{name: "guichet"}, {name: "test"}], permissions: [all("guichet"), all("test")],
             users: [{name: "guichet", password: $password, tags: "administrator,impersonator"}]}'
        jq -n --arg name "$subscribers_account" --rawfile password "$(secret_file "rabbitmq-$subscribers_account")" '
            {users: [{name: $name, password: $password, tags: "administrator"}],
             permissions: [{user: $name, vhost: "guichet", configure: "^sub\\.", write: "^$", read: "^$"}]}'
        for name in $(service_names); do
            jq -n --arg name "$name" --rawfile password "$(secret_file "rabbitmq-$name")" '
                "^(guichet\\.(events|unrouted|waiting|parked|\($name))|\($name))(\\..*)?$" as $own |
                {users: [{name: $name, password: $password, tags: ""}],
                 permissions: [{user: $name, vhost: "guichet", configure: $own, write: $own, read: $own}],
                 topic_permissions: [{user: $name, vhost: "guichet", exchange: "guichet.events", read: ".*",
                     write: "^[^.]+\\.(\($name)|platform)\\."}]}'
        done
    } | jq -s 'map(to_entries[]) | group_by(.key) | map({key: .[0].key, value: map(.value) | add}) | from_entries'
}
