# The gateway: HAProxy with the configuration of Services/Gateway, over the replicas of services.table.

gateway_answers() { curl -fs --max-time 2 "http://127.0.0.1:$gateway_metrics_port/healthz"; }

# gateway_backends: NAME=HOST:PORT,HOST:PORT of every service.
gateway_backends() {
    local name replicas port replica list
    while read -r name replicas port _; do
        list=
        for ((replica = 0; replica < replicas; replica++)); do list+=,127.0.0.1:$((port + replica)); done
        echo "$name=${list#,}"
    done < <(service_rows)
}

# gateway_sees_all: every replica of the table has passed the gateway's health check.
gateway_sees_all() {
    local seen
    seen=$(curl -fs --max-time 2 "http://127.0.0.1:$gateway_metrics_port/metrics" |
        grep -cE '^haproxy_server_status\{.*state="UP"\} 1$' || true)
    [ "$seen" = "$(replica_names | wc -l)" ]
}

# One address stands for all clients here, so the allowances are those of a whole clinic under load.
start_gateway() {
    local configuration=$state/gateway before
    before=$(gateway_checksum)
    mapfile -t backends < <(gateway_backends)
    "$root/Services/Gateway/render" "$configuration" "$libraries" "${backends[@]}"
    give_to_servers "$configuration"
    if already_up gateway gateway_answers; then
        if [ "$before" != "$(gateway_checksum)" ]; then reload_gateway; fi
        return
    fi
    launch gateway "${as_server[@]}" env GATEWAY_FOLDER="$configuration" GATEWAY_CERTIFICATE="$state/tls/server.pem" \
        GATEWAY_BIND="127.0.0.1:$gateway_port" GATEWAY_METRICS_BIND="127.0.0.1:$gateway_metrics_port" \
        GATEWAY_CLIENT_LIMIT="${GUICHET_GATEWAY_CLIENT_LIMIT:-1000000}" \
        GATEWAY_SUBJECT_LIMIT="${GUICHET_GATEWAY_SUBJECT_LIMIT:-1000000}" \
        haproxy -W -db -f "$configuration/haproxy.cfg" -f "$configuration/services.cfg"
}

gateway_checksum() { find "$state/gateway" -type f -exec cat {} + 2>/dev/null | cksum || true; }
reload_gateway() { leaders gateway | signal USR2; }
