# node --test over the JavaScript ring, and tsc where it is installed.
set -eu
if ! command -v node >/dev/null; then
    echo "there is no Node here"
    exit 75
fi
if [ -x node_modules/.bin/tsc ] && [ -f jsconfig.json ]; then node_modules/.bin/tsc -p jsconfig.json; fi
# shellcheck disable=SC2046
node --test --test-reporter=dot $(find tests -name '*.test.mjs')
