import base64
import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from common.runtime.errors import CannotStart

KEYS = ("SECRET_KEY", "ENCRYPTION_KEY")
# Without its old one an installation goes on: browsers subscribe anew.
REPLACEABLE_KEYS = ("VAPID_PRIVATE_KEY",)


def new_key() -> str:
    """32 random bytes in the alphabet that Fernet and environment files take alike."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def is_given(name: str) -> bool:
    """As the settings read it: a value, or a file that holds it."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def kept_keys(var_dir: Path, *, may_make: bool) -> dict[str, str]:
    """The keys that the environment does not give: made once, kept in VAR_DIR."""
    folder = var_dir / "keys"
    wanted = {**dict.fromkeys(KEYS, may_make), **dict.fromkeys(REPLACEABLE_KEYS, True)}
    return {
        name: kept_key(folder / name.lower(), name, may_make=may) for name, may in wanted.items() if not is_given(name)
    }


def kept_key(path: Path, name: str, *, may_make: bool) -> str:
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    if not may_make:
        # Going on with a new key would make every stored channel token unreadable, and only later.
        raise CannotStart(
            f"{path} is missing though the database is there. Restore it from a backup, or give a new key in {name} "
            "(what was encrypted with the old one must then be entered again)."
        )
    path.parent.mkdir(mode=0o700, exist_ok=True)
    key = new_key()
    write_private(path, key + "\n")
    return key


def write_environment(path: Path, environment: Mapping[str, str]) -> None:
    """What bin/manage reads to work beside a running installation."""
    lines = (f"export {name}={shlex.quote(value)}\n" for name, value in environment.items())
    write_private(path, "".join(lines))


def write_private(path: Path, text: str) -> None:
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(text)
    unfinished.replace(path)
