# A private Redis. It only caches, so it writes nothing to disk and may be emptied at any time.

redis_answers() {
    [ "$(REDISCLI_AUTH=$(secret redis) redis-cli -h 127.0.0.1 -p "$redis_port" ping 2>/dev/null)" = PONG ]
}

redis_url() { echo "redis://default:$(secret redis)@127.0.0.1:$redis_port/0"; }

start_redis() {
    already_up redis redis_answers && return
    make_folder redis
    write_private "$(folder redis)/redis.conf" <<CONF
bind 127.0.0.1
port $redis_port
requirepass $(secret redis)
save ""
appendonly no
maxmemory 512mb
maxmemory-policy allkeys-lru
CONF
    launch redis "${as_server[@]}" redis-server "$(folder redis)/redis.conf"
}
