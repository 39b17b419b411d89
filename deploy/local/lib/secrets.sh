# Passwords and keys of this checkout, made once under .local/secrets, readable by the server user alone.

secret_file() { printf '%s/secrets/%s' "$state" "$1"; }
secret() { cat "$(secret_file "$1")"; }

# make_secret NAME COMMAND...: the command's output, without its line end, unless the secret exists.
make_secret() {
    local file
    file=$(secret_file "$1")
    [ -s "$file" ] && return
    (umask 077 && "${@:2}" | tr -d '\n' >"$file.new" && mv "$file.new" "$file")
}

make_secrets() {
    local name
    mkdir -p "$state/secrets"
    chmod 700 "$state/secrets"
    for name in postgres-guichet rabbitmq-guichet "rabbitmq-$subscribers_account" redis gateway; do
        make_secret "$name" openssl rand -hex 24
    done
    make_secret gateway.map gateway_map
    for name in $(service_names); do
        make_secret "postgres-$name" openssl rand -hex 24
        make_secret "rabbitmq-$name" openssl rand -hex 24
        if uses_redis "$name"; then make_secret "redis-$name" openssl rand -hex 24; fi
        make_secret "$name-keyring" key_ring
        make_secret "$name-blind-index-key" openssl rand -base64 32
        make_secret "$name-page-cursor-key" openssl rand -base64 32
    done
    if [ "$(id -u)" = 0 ]; then chown -R "$server_user:" "$state/secrets"; fi
}

# The gateway reads its secret from a map of one line.
gateway_map() { printf 'secret %s' "$(secret gateway)"; }

# A key ring holds one line KEY_ID:BASE64 a key, the current one first.
key_ring() { printf '1:%s' "$(openssl rand -base64 32)"; }

# A certificate authority of this checkout and a certificate of its servers for localhost, renewed when a day is left.
make_certificate() {
    local tls=$state/tls
    if [ -d "$tls" ]; then give_to_servers "$tls"; fi # an earlier release left it open
    if openssl x509 -checkend 86400 -noout -in "$tls/server.pem" >/dev/null 2>&1; then return; fi
    give_to_servers "$tls"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 398 -subj '/CN=Guichet local authority' \
        -keyout "$tls/ca.key" -out "$tls/ca.pem" 2>/dev/null
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$tls/server.key" -out "$tls/server.csr" 2>/dev/null
    openssl x509 -req -in "$tls/server.csr" -CA "$tls/ca.pem" -CAkey "$tls/ca.key" -days 397 -copy_extensions copyall \
        -out "$tls/server.crt" 2>/dev/null
    cat "$tls/server.crt" "$tls/server.key" | write_private "$tls/server.pem"
    rm -f "$tls"/server.{csr,crt,key} "$tls/ca.key" # the next certificate gets a new authority
    give_to_servers "$tls"
}
