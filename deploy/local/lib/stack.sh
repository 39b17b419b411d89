# The private stack of this checkout: source this, and every part of it is known.
parts=$(dirname "${BASH_SOURCE[0]}")
for part in layout libraries processes secrets postgres rabbitmq redis gateway servers services environment; do
    source "$parts/$part.sh"
done
