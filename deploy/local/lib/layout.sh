# Where the private stack of this checkout lives, on which ports, and as which user its servers run.
set -Eeuo pipefail
trap 'echo "guichet: ${BASH_SOURCE[0]##*/}:$LINENO: failed: $BASH_COMMAND" >&2' ERR
umask 022

say() { printf '==> %s\n' "$*"; }
fail() { printf 'guichet: %s\n' "$*" >&2; exit 1; }

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
path_hash=$(printf %s "$root" | cksum | cut -d' ' -f1)

# PostgreSQL refuses to run as root, and nothing else here needs it either.
if [ "$(id -u)" = 0 ]; then
    server_user=nobody
    as_server=(setpriv "--reuid=$(id -u nobody)" "--regid=$(id -g nobody)" --clear-groups --)
else
    server_user=$(id -un)
    as_server=()
fi

# The state is the folder .local of the checkout. When root drops to a user that cannot enter the checkout (a clone under
# a home of mode 0700), .local becomes a link to a folder of /var/tmp that the user can enter.
prepare_state() {
    local link=$root/.local elsewhere=/var/tmp/guichet-$path_hash
    if [ ! -e "$link" ] && ! "${as_server[@]}" test -x "$root"; then
        if [ ! -d "$elsewhere" ]; then mkdir -m 755 "$elsewhere"; fi
        ln -sfn "$elsewhere" "$link"
    fi
    mkdir -p "$link"
    state=$(readlink -f "$link")
    if [ ! -O "$state" ]; then
        fail "$state belongs to $(stat -c %U "$state"): run as that user, or remove the folder."
    fi
    if ! "${as_server[@]}" test -x "$state"; then
        fail "the servers run as $server_user, who cannot enter $state: remove it (make clean) and start again."
    fi
    mkdir -p "$state"/{log,pid,servers}
    # Its owner alone reads what is in it. When that is root, the servers pass through to what is theirs, and list nothing.
    if [ "$(id -u)" = 0 ]; then chmod 711 "$state" "$state/servers"; else chmod 700 "$state"; fi
    chmod 700 "$state"/{log,pid}
}

# The base comes from GUICHET_PORT_BASE, else from the first start here, else from the path: two checkouts keep apart.
# It stays under 32768, where the kernel's own outgoing ports begin.
choose_ports() {
    local file=$state/port-base
    if [ -n "${GUICHET_PORT_BASE:-}" ]; then
        port_base=$GUICHET_PORT_BASE
    elif [ -s "$file" ]; then
        port_base=$(<"$file")
        return
    else
        port_base=$((20000 + path_hash % 120 * 100))
        until ports_are_free; do port_base=$((20000 + (port_base - 20000 + 100) % 12000)); done
    fi
    printf '%s\n' "$port_base" >"$file"
}

ports_are_free() {
    local address state_code port
    while read -r _ address _ state_code _; do
        [ "$state_code" = 0A ] || continue # 0A: listening
        port=$((16#${address##*:}))
        if ((port >= port_base && port < port_base + 100)); then return 1; fi
    done < <(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)
}

prepare_state
choose_ports

gateway_port=$((port_base)) gateway_metrics_port=$((port_base + 1))
postgres_main_port=$((port_base + 10)) postgres_second_port=$((port_base + 11)) postgres_standby_port=$((port_base + 12))
amqp_port=$((port_base + 20)) amqp_cluster_port=$((port_base + 21)) epmd_port=$((port_base + 22))
amqp_management_port=$((port_base + 23)) amqp_metrics_port=$((port_base + 24)) amqp_tls_port=$((port_base + 25))
redis_port=$((port_base + 30))

# service_rows: NAME REPLICAS PORT SETTINGS..., one line a service, the port absolute.
service_rows() {
    awk -v base="$port_base" '!/^[[:space:]]*(#|$)/ { $3 += base; print }' "$root/deploy/local/services.table"
}
service_names() { service_rows | cut -d' ' -f1; }
service_row() { service_rows | grep "^$1 " || fail "no service $1 in deploy/local/services.table."; }
service_executable() { service_row "$1" >/dev/null && printf 'guichet-%s' "$1"; }
# service_settings NAME: VARIABLE=VALUE, one line a setting, as the table says it.
service_settings() { service_row "$1" | awk '{ for (n = 4; n <= NF; n++) print $n }'; }
# uses NAME @WORD: whether a setting of the service stands for this.
uses() { service_settings "$1" | grep -q "=$2\$"; }
uses_redis() { uses "$1" @redis; }
