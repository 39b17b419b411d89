# The container engine: the machine's own where one answers, else a private one made of Debian packages, which only root
# can run. It lives in .local/engine. Its firewall chains stay in the kernel when it has stopped.
source "$(dirname "${BASH_SOURCE[0]}")/../local/lib/layout.sh"

engine=$state/engine
started_here=
socket=/run/guichet-engine-$path_hash.sock # not in .local: the path of a socket has a limit of 107 bytes

engine_answers() { docker version && docker compose version && docker buildx version; } >/dev/null 2>&1

# use_engine: from here on `docker` works. The caller calls release_engine at the end.
use_engine() {
    if engine_answers; then return; fi
    export DOCKER_HOST=unix://$socket DOCKER_CONFIG=$engine/config PATH=$engine/bin:$PATH
    if engine_answers; then return; fi
    [ "$(id -u)" = 0 ] ||
        fail 'no engine answers, and only root can start a private one: start Docker with compose and buildx.'
    if [ ! -e "$engine/bin/dockerd" ]; then fetch_engine; fi
    started_here=yes
    start_engine
}

# release_engine: stops the engine that this script had to start.
release_engine() { if [ -n "$started_here" ]; then stop_engine; fi; }

start_engine() {
    local tick descriptors
    descriptors=$(ulimit -Hn)
    setsid dockerd --host "$DOCKER_HOST" --data-root "$engine/data" --exec-root "/run/guichet-engine-$path_hash" \
        --pidfile "$engine/pid" --exec-opt native.cgroupdriver=cgroupfs \
        --default-ulimit "nofile=$descriptors:$descriptors" </dev/null >"$state/log/engine.log" 2>&1 &
    for ((tick = 0; tick < 150; tick++)); do
        if engine_answers; then return; fi
        sleep 0.2
    done
    tail -n 15 "$state/log/engine.log" >&2
    fail "the container engine did not start; see $state/log/engine.log."
}

# The engine removes its pid file when it has stopped the containers and ended.
stop_engine() {
    if [ ! -e "$engine/pid" ]; then return; fi
    kill "$(<"$engine/pid")" 2>/dev/null || rm -f "$engine/pid"
    while [ -e "$engine/pid" ]; do sleep 0.1; done
    if ip link show docker0 >/dev/null 2>&1; then ip link delete docker0; fi
}

# Docker, its plugins and containerd come from Debian 13, where they are recent. runc comes from the machine's own
# Debian, because it is bound to the C library.
fetch_engine() {
    local packages=$engine/packages unpacked=$engine/unpacked
    say 'Fetching a container engine from Debian'
    rm -rf "$packages" "$unpacked"
    mkdir -p "$packages" "$engine"/{bin,config/cli-plugins}
    require_packages iptables debootstrap
    (
        cd "$packages"
        apt-get -qq -o APT::Sandbox::User=root download runc
        apt_of_debian_13 update
        apt_of_debian_13 download docker.io docker-cli docker-compose docker-buildx containerd tini
        for package in *.deb; do dpkg-deb --extract "$package" "$unpacked"; done
    )
    cp "$unpacked"/usr/libexec/docker/cli-plugins/* "$engine/config/cli-plugins"
    cp "$unpacked"/usr/bin/{containerd,containerd-shim-runc-v2,docker} "$engine/bin"
    cp "$unpacked"/usr/sbin/{docker-proxy,runc} "$engine/bin"
    cp "$unpacked/usr/bin/tini-static" "$engine/bin/docker-init"
    cp "$unpacked/usr/sbin/dockerd" "$engine/bin" # last: its presence means that all is there
    rm -rf "$packages" "$unpacked"
}

apt_of_debian_13() {
    local apt=$engine/apt keys=/usr/share/keyrings/debian-archive-keyring.gpg
    mkdir -p "$apt"/{lists,cache}
    echo "deb [signed-by=$keys] $(debian_mirror) trixie main" >"$apt/sources.list"
    : >"$apt/status"
    apt-get -qq -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=- \
        -o Dir::State::Lists="$apt/lists" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt/cache" \
        -o APT::Sandbox::User=root "$@"
}

# The mirror that this machine's own packages come from.
# shellcheck disable=SC2016 # apt replaces the variable
debian_mirror() { apt-get indextargets --format '$(REPO_URI)' 'Origin: Debian' 'Created-By: Packages' | head -n 1; }

require_packages() {
    if dpkg-query -W "$@" >/dev/null 2>&1; then return; fi
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$@" >"$state/log/engine-install.log"
}
