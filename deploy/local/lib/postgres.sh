# Two private PostgreSQL clusters, main and second: tenants can be spread over several servers. And, where
# deploy/local/standby made one, a standby: what main writes is streamed to it, and services may read there.

postgres_bin=/usr/lib/postgresql/15/bin

postgres_port() {
    case $1 in
    main) echo "$postgres_main_port" ;;
    second) echo "$postgres_second_port" ;;
    standby) echo "$postgres_standby_port" ;;
    *) fail "no PostgreSQL cluster $1." ;;
    esac
}
postgres_answers() { "$postgres_bin/pg_isready" -q -h 127.0.0.1 -p "$(postgres_port "$1")"; }

# postgres_url CLUSTER ROLE DATABASE: second is reached by TLS alone, as a server elsewhere would be.
postgres_url() {
    local query=
    if [ "$1" = second ]; then query="?sslmode=verify-full&sslrootcert=$state/tls/ca.pem"; fi
    echo "postgres://$2:$(secret "postgres-$2")@127.0.0.1:$(postgres_port "$1")/$3$query"
}

start_postgres() {
    local cluster=$1 name=postgres-$1 options=()
    already_up "$name" postgres_answers "$cluster" && return
    if ! [ -s "$(folder "$name")/PG_VERSION" ]; then
        if [ "$cluster" = standby ]; then create_standby; else create_cluster "$name"; fi
    fi
    write_private "$(folder "$name")/postgresql.conf" <"$root/deploy/local/postgresql.conf"
    rm -f "$(folder "$name")/postmaster.pid" # nothing runs here: it is a crash's, and its pid may be a zombie or reused
    if [ "$cluster" = second ]; then
        options=(-c ssl=on -c "ssl_cert_file=$state/tls/server.pem" -c "ssl_key_file=$state/tls/server.pem")
    fi
    launch "$name" "${as_server[@]}" "$postgres_bin/postgres" -D "$(folder "$name")" \
        -c "port=$(postgres_port "$cluster")" "${options[@]}"
}

# create_cluster NAME: in a folder beside, moved into place when complete, so that an interrupted one is never used.
create_cluster() {
    local new
    new=$(folder "$1").new
    rm -rf "$new"
    make_folder "$1.new"
    "${as_server[@]}" "$postgres_bin/initdb" --pgdata="$new" --username=guichet --auth=scram-sha-256 \
        --pwfile="$(secret_file postgres-guichet)" --encoding=UTF8 --locale=C.UTF-8 --data-checksums --no-sync \
        >"$state/log/$1-initdb.log" 2>&1 || fail "initdb failed; see $state/log/$1-initdb.log."
    rm -rf "$(folder "$1")"
    mv "$new" "$(folder "$1")"
}

has_standby() { [ -e "$(folder postgres-standby)/standby.signal" ]; }

# create_standby: a copy of main, which follows it from then on.
create_standby() {
    local new
    new=$(folder postgres-standby).new
    rm -rf "$new"
    make_folder postgres-standby.new
    PGPASSWORD=$(secret postgres-guichet) "${as_server[@]}" "$postgres_bin/pg_basebackup" --pgdata="$new" \
        --host=127.0.0.1 --port="$postgres_main_port" --username=guichet --wal-method=stream --checkpoint=fast \
        --write-recovery-conf --no-sync >"$state/log/postgres-standby-copy.log" 2>&1 ||
        fail "the copy of main failed; see $state/log/postgres-standby-copy.log."
    rm -rf "$(folder postgres-standby)"
    mv "$new" "$(folder postgres-standby)"
}

# provision_postgres CLUSTER: databases and one login role a service. A role has its schemas made and enters no other's.
provision_postgres() {
    local database
    postgres_roles | superuser_psql "$1" postgres
    for database in guichet guichet_test; do postgres_grants "$database" | superuser_psql "$1" "$database"; done
}

superuser_psql() {
    PGPASSWORD=$(secret postgres-guichet) PGOPTIONS='-c client_min_messages=warning' "$postgres_bin/psql" -qXAt \
        -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$(postgres_port "$1")" -U guichet -d "$2" >/dev/null
}

postgres_roles() {
    local name
    for name in guichet guichet_test; do
        echo "SELECT 'CREATE DATABASE $name' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '$name') \\gexec"
    done
    for name in $(service_names); do
        echo "SELECT 'CREATE ROLE $name' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$name') \\gexec"
        echo "ALTER ROLE $name LOGIN NOINHERIT PASSWORD '$(secret "postgres-$name")';"
    done
    echo 'REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;'
}

# postgres_grants DATABASE: the services connect to the suite's database alone. Earlier releases granted more.
postgres_grants() {
    local name
    echo "REVOKE ALL ON DATABASE $1 FROM PUBLIC;"
    cat "$root/deploy/postgres/database.sql"
    for name in $(service_names); do
        if [ "$1" != guichet ]; then
            echo "REVOKE ALL ON DATABASE $1 FROM $name;"
            continue
        fi
        echo "REVOKE CREATE, TEMPORARY ON DATABASE $1 FROM $name;"
        echo "GRANT CONNECT ON DATABASE $1 TO $name;"
        echo "GRANT USAGE ON SCHEMA provision TO $name;"
        echo "GRANT EXECUTE ON FUNCTION provision.create_schema(text) TO $name;"
    done
}
