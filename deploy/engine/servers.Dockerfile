# Stand-ins for the public images of the servers, a stage each: what compose.yaml asks of them and no more.
# Users have the public images' number, so that volumes can be shared with these.

FROM debian:bookworm-slim AS base
RUN printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d

FROM base AS postgres
RUN useradd --system --uid 999 --home-dir /var/lib/postgresql --shell /bin/bash postgres \
    && apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-common \
    && echo 'create_main_cluster = false' >>/etc/postgresql-common/createcluster.conf \
    && apt-get install --yes --no-install-recommends postgresql-15 \
    && rm -rf /var/lib/apt/lists/* \
    && install --directory --owner postgres --mode 700 /var/lib/postgresql/data
COPY --chmod=755 postgres-entrypoint /usr/local/bin/
ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/data
USER postgres
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
ENTRYPOINT ["postgres-entrypoint"]
CMD ["postgres"]

FROM base AS rabbitmq
RUN useradd --system --uid 999 --home-dir /var/lib/rabbitmq --shell /bin/bash rabbitmq \
    && apt-get update \
    && apt-get install --yes --no-install-recommends rabbitmq-server \
    && rm -rf /var/lib/apt/lists/* /var/lib/rabbitmq/.erlang.cookie \
    && echo '[rabbitmq_management,rabbitmq_prometheus].' >/etc/rabbitmq/enabled_plugins
# Debian's start script of the same name, in /usr/sbin, insists on being root.
ENV PATH=/usr/lib/rabbitmq/bin:/usr/local/bin:/usr/bin:/bin HOME=/var/lib/rabbitmq LANG=C.UTF-8 RABBITMQ_LOGS=-
USER rabbitmq
VOLUME /var/lib/rabbitmq
CMD ["rabbitmq-server"]

FROM base AS redis
RUN useradd --system --uid 999 redis \
    && apt-get update \
    && apt-get install --yes --no-install-recommends redis-server \
    && rm -rf /var/lib/apt/lists/* \
    && install --directory --owner redis /data
WORKDIR /data
USER redis
VOLUME /data
CMD ["redis-server"]
