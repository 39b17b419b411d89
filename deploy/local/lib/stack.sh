# The private stack of this checkout: source this, and every part of it is known.
parts=$(dirname "${BASH_SOURCE[0]}")
source "$parts/layout.sh"
source "$parts/processes.sh"
source "$parts/secrets.sh"
source "$parts/postgres.sh"
source "$parts/rabbitmq.sh"
source "$parts/redis.sh"
source "$parts/environment.sh"
