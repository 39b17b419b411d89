# Starting, finding and ending the processes of the stack.
#
# A process belongs to the server whose folder, .local/servers/NAME, it works in. That holds for children that leave their
# session (PostgreSQL's do) and for those that a crash orphaned, where a pid file would be stale. It also passes over
# zombies that init has not reaped yet: they have no folder. A person's shell in the folder has a terminal, servers have none.

folder() { printf '%s/servers/%s' "$state" "$1"; }

# processes NAME: the pids, one a line.
processes() {
    local dir link pid fields
    dir=$(folder "$1")
    { find /proc/[0-9]*/cwd -maxdepth 0 \( -lname "$dir" -o -lname "$dir (deleted)" \) -print 2>/dev/null || true; } |
        while read -r link; do
            pid=${link#/proc/} pid=${pid%/cwd}
            read -ra fields < <(sed 's/^.*) //' "/proc/$pid/stat" 2>/dev/null || true) || continue
            if [ "${fields[4]}" = 0 ]; then printf '%s\n' "$pid"; fi
        done
}

# leaders NAME: those of them that no other of them started.
leaders() {
    local all pid parent
    all=$(processes "$1")
    for pid in $all; do
        parent=$(sed 's/^.*) //' "/proc/$pid/stat" 2>/dev/null | cut -d' ' -f2) || continue
        case $'\n'$all$'\n' in *$'\n'"$parent"$'\n'*) ;; *) printf '%s\n' "$pid" ;; esac
    done
}

is_running() { [ -n "$(processes "$1")" ]; }

# make_folder NAME: the server's folder, which only its user may enter.
make_folder() {
    mkdir -p "$(folder "$1")"
    chmod 700 "$(folder "$1")"
    if [ "$(id -u)" = 0 ]; then chown "$server_user:" "$(folder "$1")"; fi
}

# give_to_servers FOLDER: makes it if it is missing; it and what it holds are for the server user alone.
give_to_servers() {
    mkdir -p "$1"
    chmod 700 "$1"
    if [ "$(id -u)" = 0 ]; then chown -R "$server_user:" "$1"; fi
}

# launch NAME COMMAND...: runs it in its folder and in a session of its own, logging to .local/log.
# Every inherited descriptor is closed: a server must not hold the caller's locks and pipes open.
launch() {
    local name=$1 log=$state/log/$1.log
    shift
    make_folder "$name"
    if [ -s "$log" ]; then mv -f "$log" "$log.old"; fi
    # It is in its folder from its first instant: `await` finds it there, also when it is slow to begin.
    (
        cd "$(folder "$name")" || exit
        exec </dev/null >"$log" 2>&1
        for descriptor in /proc/self/fd/*; do
            descriptor=${descriptor##*/}
            if ((descriptor > 2)); then eval "exec $descriptor>&-"; fi
        done
        setsid "$@" &
        printf '%s\n' "$!" >"$state/pid/$name.pid"
    )
}

# signal SIGNAL: to the pids of standard input; a process that is gone already is no fault.
signal() {
    local pid
    while read -r pid; do kill -"$1" "$pid" 2>/dev/null || true; done
}

# halt NAME [SIGNAL]: asks, waits 20 s, kills. Nothing of the server is left when it returns.
halt() {
    local name=$1 request=${2:-TERM} tick
    leaders "$name" | signal "$request"
    for ((tick = 0; tick < 200; tick++)); do
        is_running "$name" || break
        sleep 0.1
    done
    while is_running "$name"; do
        processes "$name" | signal KILL
        sleep 0.1
    done
    rm -f "$state/pid/$name.pid"
}

# await NAME SECONDS CHECK...: until the check succeeds; fails with the end of the log when the process ends or time is up.
await() {
    local name=$1 deadline=$((SECONDS + $2))
    shift 2
    until "$@" >/dev/null 2>&1; do
        if ((SECONDS >= deadline)) || ! is_running "$name"; then
            tail -n 15 "$state/log/$name.log" >&2 || true
            fail "$name did not become ready; the whole log is $state/log/$name.log."
        fi
        sleep 0.1
    done
}

# already_up NAME CHECK...: true when it runs and answers; whatever a crash left of it is removed otherwise.
already_up() {
    local name=$1
    shift
    is_running "$name" || return 1
    "$@" >/dev/null 2>&1 && return
    halt "$name" KILL
    return 1
}

# write_private FILE: standard input becomes a file that only the server user can read.
write_private() {
    (umask 077 && cat >"$1")
    if [ "$(id -u)" = 0 ]; then chown "$server_user:" "$1"; fi
}
