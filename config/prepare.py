"""What must be done before a release serves: see bin/prepare. One process, as each start of Django costs a second."""

import argparse
import hashlib
import inspect
import io
import os
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

import common.modules
import common.static

COLLECTED = ".collected"
UNUSED_WHILE_BUILDING = ("SECRET_KEY", "ENCRYPTION_KEY", "DATABASE_URL", "REDIS_URL")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/prepare", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="load demo data where nobody has an account yet")
    parser.add_argument("--files-only", action="store_true", help="no database: what an image is built with")
    arguments = parser.parse_args()
    start_django(without_servers=arguments.files_only)
    call_command("compile_catalogues", verbosity=0)
    collect_static_files()
    if not arguments.files_only:
        call_command("migrate", interactive=False, verbosity=0)
    if arguments.demo and not get_user_model().objects.exists():
        # It keeps the accounts and passwords in a file, which the launcher prints.
        call_command("load_demo", stdout=io.StringIO())


def start_django(*, without_servers: bool) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    for name in UNUSED_WHILE_BUILDING if without_servers else ():
        os.environ.setdefault(name, "dbname=unused")
    django.setup()


def collect_static_files() -> None:
    """Only when one changed, or how they are served: hashing and compressing them takes seconds."""
    stamp = Path(settings.STATIC_ROOT) / COLLECTED
    found = fingerprint_of_static_files()
    if stamp.exists() and stamp.read_text() == found:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(found)


def fingerprint_of_static_files() -> str:
    digest = hashlib.sha256()
    for module in (common.static, common.modules):
        digest.update(Path(inspect.getfile(module)).read_bytes())
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
