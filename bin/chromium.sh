# Sourced: sets CHROMIUM to a browser for the tests, installed by apt where that may be done.
find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
CHROMIUM=${CHROMIUM:-$(find_chromium || true)}
if [ -z "$CHROMIUM" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing Chromium for the browser tests"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get install -y -q --no-install-recommends chromium || {
        apt-get update -q && apt-get install -y -q --no-install-recommends chromium
    }; } >/dev/null 2>&1 || true
    CHROMIUM=$(find_chromium || true)
fi
export CHROMIUM
