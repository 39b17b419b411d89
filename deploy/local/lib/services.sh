# Service replicas: one process each, named SERVICE-N, from the build folder that `services up` was last given.

replica_port() { service_row "$1" | awk -v replica="$2" '{ print $3 + replica - 1 }'; }
replica_lives() { curl -fs --max-time 2 "http://127.0.0.1:$(replica_port "$1" "$2")/healthz"; }
replica_is_ready() { curl -fs --max-time 2 "http://127.0.0.1:$(replica_port "$1" "$2")/readyz"; }

# replica_names: SERVICE N, one line a replica.
replica_names() { service_rows | awk '{ for (n = 1; n <= $2; n++) print $1, n }'; }

# start_replica SERVICE N: one that runs an older build is replaced. It sees the clock of the machine as $machine_clock says.
start_replica() {
    local service=$1 number=$2 name=$1-$2 executable run_as=("${as_server[@]}") library
    executable=$(<"$state/build-folder")/$(service_executable "$service")
    [ -x "$executable" ] || fail "$executable is missing: build first (make build)."
    if [ "$executable" -nt "$state/pid/$name.pid" ]; then halt "$name"; fi
    already_up "$name" replica_lives "$service" "$number" && return
    server_can_run "$executable" || run_as=()
    if [ -n "${machine_clock:-}" ]; then
        library=$(find /usr/lib -name libfaketimeMT.so.1 | head -n 1)
        run_as+=(env "LD_PRELOAD=$library" "FAKETIME=$machine_clock" FAKETIME_DONT_FAKE_MONOTONIC=1)
    fi
    (
        service_environment "$service" "$number"
        launch "$name" "${run_as[@]}" "$executable"
    )
}

# Services refuse GUICHET_* variables that they do not know, so those of this shell stay behind.
service_environment() {
    local log_level=${GUICHET_LOG_LEVEL:-info}
    unset "${!GUICHET_@}"
    # The client of PostgreSQL looks there for certificates, and must not stumble over a home that it may not enter.
    export HOME && HOME=$(folder "$1-$2")
    export GUICHET_HTTP_PORT GUICHET_DATABASES GUICHET_AMQP_URL GUICHET_KEYRING_FILE \
        GUICHET_BLIND_INDEX_KEY_FILE GUICHET_PAGE_CURSOR_KEY_FILE GUICHET_GATEWAY_SECRET_FILE GUICHET_TOKEN_ISSUER \
        GUICHET_PUBLIC_URL \
        GUICHET_LOG_LEVEL GUICHET_INSTANCE
    GUICHET_HTTP_PORT=$(replica_port "$1" "$2")
    GUICHET_DATABASES=main=$(postgres_url main "$1" guichet),second=$(postgres_url second "$1" guichet)
    if has_standby; then
        export GUICHET_DATABASE_REPLICAS && GUICHET_DATABASE_REPLICAS=main=$(postgres_url standby "$1" guichet)
    fi
    GUICHET_AMQP_URL=$(amqp_url "$1" guichet)
    GUICHET_KEYRING_FILE=$(secret_file "$1-keyring")
    GUICHET_BLIND_INDEX_KEY_FILE=$(secret_file "$1-blind-index-key")
    GUICHET_PAGE_CURSOR_KEY_FILE=$(secret_file "$1-page-cursor-key")
    GUICHET_GATEWAY_SECRET_FILE=$(secret_file gateway)
    GUICHET_TOKEN_ISSUER=https://localhost:$gateway_port
    GUICHET_PUBLIC_URL=https://localhost:$gateway_port
    GUICHET_LOG_LEVEL=$log_level
    GUICHET_INSTANCE=$2
    local setting value
    while IFS='=' read -r setting value; do
        case $value in
        @redis) value=$(redis_url "$1") ;;
        @broker) value=amqps://localhost:$amqp_tls_port ;;
        @broker-management) value=$(amqp_management_url "127.0.0.1:$amqp_management_port") ;;
        @*) fail "deploy/local/services.table: $1 has $setting=$value, which stands for nothing." ;;
        esac
        export "$setting=$value"
    done < <(service_settings "$1")
}

# A build or a toolchain below a closed folder is out of the server user's reach; its services then run as the caller.
server_can_run() {
    "${as_server[@]}" test -r "$1" -a -x "$1" &&
        [[ $("${as_server[@]}" ldd "$1" 2>&1 || true) != *'not found'* ]]
}

# started_replicas: SERVICE-N of every replica that was ever started here, those of an earlier table included.
started_replicas() { find "$state/servers" -mindepth 1 -maxdepth 1 -name '*-[0-9]*' -printf '%f\n'; }

# halt_replicas: those of standard input, all at once.
halt_replicas() {
    local name
    while read -r name; do halt "$name" & done
    wait
}

await_replica() { await "$1-$2" 120 replica_is_ready "$1" "$2"; }
