# .local/env: where everything is, for tests, tools and people (source it). It holds passwords: its owner alone reads it.

write_environment() {
    (umask 077 && cat >"$state/env.new") <<ENV
export GUICHET_TEST_POSTGRES_URL=$(postgres_url main guichet guichet_test)
export GUICHET_TEST_POSTGRES_SECOND_URL='$(postgres_url second guichet guichet_test)'
export GUICHET_TEST_AMQP_URL=$(amqp_url guichet test)
export GUICHET_TEST_AMQP_TLS_PORT=$amqp_tls_port
export GUICHET_TEST_AMQP_MANAGEMENT_URL=http://guichet:$(secret rabbitmq-guichet)@127.0.0.1:$amqp_management_port
export GUICHET_TEST_REDIS_URL=$(redis_url guichet)
export GUICHET_SUITE_POSTGRES_URL=$(postgres_url main guichet guichet)
export GUICHET_SUITE_POSTGRES_SECOND_URL='$(postgres_url second guichet guichet)'
export GUICHET_SUITE_POSTGRES_STANDBY_URL=$(postgres_url standby guichet guichet)
export GUICHET_SUITE_AMQP_URL=$(amqp_url guichet guichet)
export GUICHET_SUITE_REDIS_URL=$(redis_url guichet)
export GUICHET_GATEWAY_URL=https://localhost:$gateway_port
export GUICHET_GATEWAY_CA_FILE=$state/tls/ca.pem
export GUICHET_GATEWAY_METRICS_URL=http://127.0.0.1:$gateway_metrics_port/metrics
$(service_urls)
ENV
    mv "$state/env.new" "$state/env"
}

# GUICHET_<SERVICE>_URLS: the replicas themselves, past the gateway, separated by commas.
service_urls() {
    gateway_backends | while IFS='=' read -r name addresses; do
        echo "export GUICHET_${name^^}_URLS=http://${addresses//,/,http://}"
    done
}
