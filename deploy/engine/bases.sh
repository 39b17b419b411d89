# The images that ours are built on and run beside: the public ones where a registry can be reached, else stand-ins
# of the same names, made of Debian packages and of this machine's Swift. What exists is kept.

bases=(debian:bookworm-slim swift:6.3-bookworm postgres:15 rabbitmq:3.10-management redis:7)

make_bases() {
    local image log
    for image in "${bases[@]}"; do
        if docker image inspect "$image" >/dev/null 2>&1; then continue; fi
        if docker pull --quiet "$image" 2>/dev/null; then continue; fi
        say "$image cannot be pulled: making a stand-in"
        log=$state/log/stand-in-${image%%:*}.log
        stand_in "$image" >"$log" 2>&1 || fail "it could not be made; see $log."
    done
}

stand_in() {
    case $1 in
    debian:*) debian_stand_in "$1" ;;
    swift:*) swift_stand_in "$1" ;;
    *) server_stand_in "$1" ;;
    esac
}

debian_stand_in() {
    local tree=$engine/debian
    require_packages debootstrap
    rm -rf "$tree"
    debootstrap --variant=minbase bookworm "$tree" "$(debian_mirror)" &&
        keep_no_packages >"$tree/etc/apt/apt.conf.d/keep-no-packages" &&
        tar --directory "$tree" --exclude='./dev/*' --exclude='./var/cache/apt/archives/*' \
            --exclude='./var/lib/apt/lists/*' --exclude='./usr/share/doc/*' --exclude='./usr/share/locale/*' \
            --exclude='./usr/share/man/*' --create . |
        docker import --change 'CMD ["bash"]' - "$1" &&
        rm -rf "$tree"
}

# As in the public image, apt leaves neither packages nor its indexes in a layer.
keep_no_packages() {
    echo 'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";'
    echo 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb"; };'
}

# The toolchain that `swift` belongs to, wherever it was unpacked. Among a system's own files it cannot be separated.
swift_stand_in() {
    local toolchain
    toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
    [ "$toolchain" != /usr ] || fail 'Swift lies in /usr itself: build where a registry can be reached.'
    docker build --tag "$1" --file "$root/deploy/engine/swift.Dockerfile" "$toolchain"
}

server_stand_in() {
    docker build --tag "$1" --target "${1%%:*}" --file "$root/deploy/engine/servers.Dockerfile" "$root/deploy/engine"
}
