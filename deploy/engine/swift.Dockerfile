# Stand-in for the public image swift:6.3-bookworm. Build context: the folder usr of a toolchain.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binutils ca-certificates g++ gcc git libc6-dev \
        libcurl4-openssl-dev libedit2 libgcc-12-dev libncurses-dev libpython3.11 libsqlite3-0 libstdc++-12-dev \
        libxml2-dev libz3-dev pkg-config tzdata zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
COPY . /usr/
