"""The documentation as a site, which needs no network to be read: make site."""

import re
from pathlib import Path

from pygments.lexers.special import TextLexer

project = "esconform"
html_title = "esconform"
html_theme = "furo"
html_copy_source = False
html_show_copyright = False
extensions = ["myst_parser"]
exclude_patterns = ["examples"]
myst_heading_anchors = 3
smartquotes = False  # "--url" has two hyphens
highlight_language = "none"

REPOSITORY = "https://github.com/esconform/esconform"
HERE = Path(__file__).parent


def to_repository(text, folder):
    """Has the links of a text in a folder that lead to no page lead to the repository."""

    def resolved(link):
        target = (folder / link[1]).resolve()
        if not target.exists() or target.suffix == ".md" and target.is_relative_to(HERE):
            return link[0]  # a page, or what Sphinx complains about
        kind = "tree" if target.is_dir() else "blob"
        return f"]({REPOSITORY}/{kind}/main/{target.relative_to(HERE.parent)})"

    return re.sub(r"\]\((?!https?:|#)([^)#\s]+)\)", resolved, text)


def on_source(app, docname, source):
    source[0] = to_repository(source[0], HERE)


def on_include(app, path, docname, source):
    source[0] = to_repository(source[0], HERE.parent)


def setup(app):
    app.connect("source-read", on_source)
    app.connect("include-read", on_include)
    app.add_lexer("mermaid", TextLexer)  # drawn on GitHub; here it stays text
