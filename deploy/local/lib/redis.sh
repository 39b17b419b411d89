# A private Redis. It only caches, so it writes nothing to disk and may be emptied at any time.

redis_answers() {
    [ "$(REDISCLI_AUTH=$(secret redis) redis-cli --user guichet -h 127.0.0.1 -p "$redis_port" ping 2>/dev/null)" = PONG ]
}

# redis_url USER: the administrator guichet, or a service.
redis_url() { echo "redis://$1:$(redis_secret "$1")@127.0.0.1:$redis_port/0"; }
redis_secret() { if [ "$1" = guichet ]; then secret redis; else secret "redis-$1"; fi; }

# redis_users: no client enters without a name. A service has the commands that it uses, on keys that carry its name.
redis_users() {
    local name commands='+mget +get +set +unlink +eval +evalsha +script|load +scan +info +select +ping'
    echo 'user default off'
    echo "user guichet on >$(secret redis) ~* &* +@all"
    for name in $(service_names); do
        if uses_redis "$name"; then echo "user $name on >$(secret "redis-$name") ~guichet:$name:* -@all $commands"; fi
    done
}

start_redis() {
    already_up redis redis_answers && return
    make_folder redis
    write_private "$(folder redis)/redis.conf" <<CONF
bind 127.0.0.1
port $redis_port
$(redis_users)
save ""
appendonly no
maxmemory 512mb
maxmemory-policy allkeys-lru
CONF
    launch redis "${as_server[@]}" redis-server "$(folder redis)/redis.conf"
}
