"""What axe-core finds wrong with a page for people who can't see it, or only dimly.

Source: https://github.com/dequelabs/axe-core, fetched from the npm registry and kept outside of the
repository.
"""

from functools import cache
from typing import Any

from playwright.sync_api import Page

from gui.core import npm

AXE = npm.Package(
    "axe-core",
    "4.14.1",
    "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
    {"axe.min.js": "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"},
)

# The frame of a message that goes by itself is Gradio's own: a button that holds a button.
_RUN = """only => axe.run(
  {include: [['body']], exclude: [['.toast-wrap']]},
  {resultTypes: ['violations'], ...(only.length ? {runOnly: only} : {})}
)"""
# The rules that look at colours, and so may find in a dark page what isn't in the light one.
_COLOURS = ("color-contrast", "link-in-text-block")


@cache
def script() -> str:
    """The program."""
    return npm.obtain(AXE, npm.cache_folder())["axe.min.js"].decode()


def violations(page: Page, *, only_colours: bool = False) -> list[str]:
    """Each violation on the page as it stands: rule, weight, where, and what to do about it.

    ``only_colours`` is for a page that was looked at in other colours.
    """
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(script())
    found: dict[str, Any] = page.evaluate(_RUN, list(_COLOURS) if only_colours else [])
    return [
        f"{each['id']} ({each['impact']}) {node['target']}: {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]
