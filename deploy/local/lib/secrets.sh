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
    for name in postgres-guichet rabbitmq-guichet redis; do make_secret "$name" openssl rand -hex 24; done
    for name in $(service_names); do
        make_secret "postgres-$name" openssl rand -hex 24
        make_secret "rabbitmq-$name" openssl rand -hex 24
        make_secret "$name-keyring" key_ring
        make_secret "$name-blind-index-key" openssl rand -base64 32
        make_secret "$name-page-cursor-key" openssl rand -base64 32
    done
    if [ "$(id -u)" = 0 ]; then chown -R "$server_user:" "$state/secrets"; fi
}

# A key ring holds one line KEY_ID:BASE64 a key, the current one first.
key_ring() { printf '1:%s' "$(openssl rand -base64 32)"; }
