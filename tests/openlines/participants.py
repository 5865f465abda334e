"""Which functions of the services change what consoles show: found in the source, so that none is forgotten."""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import CodeType, FrameType, ModuleType
from typing import Any

from openlines.services.timers import _handlers

Function = Callable[..., Any]

PACKAGES = ("openlines.services", "routing.services", "channels_connectors.services")
MODULES = ("channels_connectors.inbox",)
ANNOUNCING = frozenset({"note_change", "send_frame", "announce_dictionaries"})


def commands_of_services() -> set[Function]:
    """Functions that end in an announcement and are called from outside: public, with arguments by name only."""
    functions = {function.__name__: function for module in _modules() for function in _functions(module)}
    calls = {name: _names_called_by(function) for name, function in functions.items()}
    announcing = set(ANNOUNCING)
    while more := {name for name, called in calls.items() if name not in announcing and called & announcing}:
        announcing |= more
    return {function for name, function in functions.items() if name in announcing and _is_command(function)}


def timer_handlers() -> set[Function]:
    return set(_handlers.values())


def calls_of(run: Callable[[], object]) -> Callable[[Function], bool]:
    """Run it; the answer tells of a function whether it was called meanwhile."""
    seen: set[CodeType] = set()

    def note(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            seen.add(frame.f_code)

    sys.setprofile(note)
    try:
        run()
    finally:
        sys.setprofile(None)
    return lambda function: inspect.unwrap(function).__code__ in seen


@cache
def _modules() -> tuple[ModuleType, ...]:
    names = [f"{package}.{info.name}" for package in PACKAGES for info in iter_modules(import_module(package).__path__)]
    return tuple(import_module(name) for name in (*names, *MODULES))


def _functions(module: ModuleType) -> Iterator[Function]:
    for value in vars(module).values():
        if inspect.isfunction(inspect.unwrap(value) if callable(value) else value) and _is_made_in(value, module):
            yield value


def _is_made_in(function: Function, module: ModuleType) -> bool:
    return bool(inspect.unwrap(function).__module__ == module.__name__)


def _names_called_by(function: Function) -> set[str]:
    tree = ast.parse(inspect.getsource(inspect.unwrap(function)).strip())
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    plain = {call.id for call in calls if isinstance(call, ast.Name)}
    return plain | {call.attr for call in calls if isinstance(call, ast.Attribute)}


def _is_command(function: Function) -> bool:
    kinds = [parameter.kind for parameter in inspect.signature(function).parameters.values()]
    return not function.__name__.startswith("_") and all(kind is inspect.Parameter.KEYWORD_ONLY for kind in kinds)
