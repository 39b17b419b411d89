# The images that ours are built on and run beside: the public ones where a registry can be reached, else stand-ins under
# the same names, made of Debian packages and of this machine's Swift. What exists is kept.

bases=(debian:bookworm-slim swift:6.3-bookworm postgres:15 rabbitmq:3.10-management redis:7)

make_bases() {
    local image
    for image in "${bases[@]}"; do
        if docker image inspect "$image" >/dev/null 2>&1; then continue; fi
        if registry_answers; then
            docker pull --quiet "$image"
        else
            say "No registry can be reached: making a stand-in for $image"
            stand_in "$image" >"$state/log/stand-in-${image%%:*}.log" 2>&1 ||
                fail "it could not be made; see $state/log/stand-in-${image%%:*}.log."
        fi
    done
}

registry_answers() { curl -s --output /dev/null --max-time 5 https://registry-1.docker.io/v2/; }

stand_in() {
    case $1 in
    debian:*) debian_stand_in "$1" ;;
    swift:*) swift_stand_in "$1" ;;
    *) docker build --tag "$1" --target "${1%%:*}" --file "$root/deploy/engine/servers.Dockerfile" "$root/deploy/engine" ;;
    esac
}

debian_stand_in() {
    local tree=$engine/debian
    require_packages debootstrap
    rm -rf "$tree"
    debootstrap --variant=minbase bookworm "$tree" "$(debian_mirror)" &&
        keep_no_packages >"$tree/etc/apt/apt.conf.d/keep-no-packages" &&
        tar --directory "$tree" --exclude='./dev/*' --exclude='./var/cache/apt/archives/*.deb' --exclude='./var/lib/apt/lists/*' \
            --exclude='./usr/share/doc/*' --exclude='./usr/share/locale/*' --exclude='./usr/share/man/*' --create . |
        docker import --change 'CMD ["bash"]' - "$1" &&
        rm -rf "$tree"
}

# As in the public image, apt leaves neither packages nor its indexes in a layer.
keep_no_packages() {
    echo 'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";'
    echo 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb"; };'
}

# The toolchain that `swift` belongs to, wherever it was unpacked. Beside a system's own programs it cannot be told apart.
swift_stand_in() {
    local toolchain
    toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
    if [ "$toolchain" = /usr ]; then fail 'Swift is installed in /usr itself: build where a registry can be reached.'; fi
    docker build --tag "$1" --file "$root/deploy/engine/swift.Dockerfile" "$toolchain"
}
