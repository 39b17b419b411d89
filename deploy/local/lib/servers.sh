# The servers, each by its name: how it starts, when it is ready, how it is asked to stop.

servers=(rabbitmq postgres-main postgres-second redis gateway)
if has_standby; then servers+=(postgres-standby); fi

start_server() {
    case $1 in
    postgres-*) start_postgres "${1#postgres-}" ;;
    *) "start_$1" ;;
    esac
}

server_answers() {
    case $1 in
    postgres-*) postgres_answers "${1#postgres-}" ;;
    *) "$1_answers" ;;
    esac
}

await_server() { await "$1" 120 server_answers "$1"; }

# INT makes PostgreSQL end all connections and stop; TERM would wait for their end.
stop_signal() { case $1 in postgres-*) echo INT ;; *) echo TERM ;; esac; }
