# The libraries of the gateway's pages, as their packages carry them: Services/Gateway/libraries.txt says which.

libraries=$state/libraries

# A pip of its own, so that a machine that only builds images needs nothing but python3-venv.
install_libraries() {
    local wanted=$root/Services/Gateway/libraries.txt
    if cmp -s "$wanted" "$libraries/installed"; then return; fi
    say "Installing the libraries of the gateway's pages"
    rm -rf "$libraries"
    python3 -m venv "$libraries/pip"
    "$libraries/pip/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-compile \
        --only-binary :all: --require-hashes --requirement "$wanted" --target "$libraries"
    rm -rf "$libraries/pip"
    cp "$wanted" "$libraries/installed"
}
