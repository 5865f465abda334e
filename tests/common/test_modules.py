import gzip
import re
from pathlib import Path

from common.modules import modules_of, without_comments

STATIC = Path(__file__).resolve().parents[2] / "static"

PAGES = {
    "a/main.js": """import { one } from "./one.js";
import "../b/two.js";
export { three } from "./three.js";
const later = () => import("./later.js");
""",
    "a/one.js": """import {
  three,
} from "./three.js";
""",
    "a/three.js": """export const name = "./not_imported.js";
export const lookup = { far: () => import("./far.js") };
""",
    "a/later.js": """import { one } from "./one.js";
import { four } from "./four.js";
""",
    "a/four.js": "",
    "a/far.js": "",
    "b/two.js": "",
}


def gzipped(name: str) -> int:
    return len(gzip.compress(without_comments((STATIC / name).read_text()).encode(), 9))


def test_what_is_imported_is_wanted_at_once_and_the_rest_on_demand():
    modules = modules_of("a/main.js", PAGES.__getitem__)

    assert set(modules.first) == {"a/main.js", "a/one.js", "a/three.js", "b/two.js"}
    assert set(modules.later) == {"a/later.js", "a/four.js", "a/far.js"}


def test_the_first_paint_of_the_console_needs_at_most_40_kilobytes_of_scripts():
    """Each file by itself, as browsers get them."""
    wanted = {
        "console/tick_worker.js",
        *modules_of("console/main.js", lambda name: (STATIC / name).read_text()).first,
        *modules_of("console/shell.js", lambda name: (STATIC / name).read_text()).first,
    }
    sizes = {name: gzipped(name) for name in wanted}

    assert sum(sizes.values()) <= 40_000, sorted(sizes.items(), key=lambda item: -item[1])


def test_every_module_of_the_console_is_one_that_a_page_asks_for():
    modules = modules_of("console/main.js", lambda name: (STATIC / name).read_text())
    entries = {"console/shell.js", "console/tick_worker.js"}
    files = {str(path.relative_to(STATIC)) for path in (STATIC / "console").rglob("*.js")}

    assert files == {*modules.first, *modules.later, *entries}


def test_browsers_get_no_comments_and_no_margins():
    script = """/** Told to people,
 *  in two lines. */
import { one } from "./one.js";

// Why.
export function two() {
  /* Here, too. */ const url = "https://example.org/*"; // after code it stays
  return one(url, /[/*]/);
}
"""

    assert (
        without_comments(script)
        == """import { one } from "./one.js";
export function two() {
const url = "https://example.org/*"; // after code it stays
return one(url, /[/*]/);
}
"""
    )


# What may hold a backtick that begins no text: expressions and quoted texts.
QUOTED = re.compile(r"""= /(?:[^/\\\n]|\\.)+/[a-z]*|"(?:[^"\\\n]|\\.)*\"""")


def test_no_text_in_a_script_has_several_lines():
    """They would lose their margins."""
    for path in STATIC.rglob("*.js"):
        lines = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL).splitlines()
        open_texts = [line for line in lines if QUOTED.sub("", line).count("`") % 2]
        assert not open_texts, (path.name, open_texts)
