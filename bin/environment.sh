# Sourced by the other programs here: where the product lies and which Python runs it.
here=$(cd "$(dirname "$0")/.." && pwd)
cd "$here"
VAR_DIR=${VAR_DIR:-$here/var}
export VAR_DIR PYTHONPATH="$here"
# Compiled modules are kept: without them each start costs three times the processor time.
unset PYTHONDONTWRITEBYTECODE
if [ -x "$here/.venv/bin/python" ]; then
    PATH="$here/.venv/bin:$PATH"
fi
