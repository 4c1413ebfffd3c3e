"""Keep the English catalogue: ``python tools/messages.py`` adds new texts, ``--check`` says what is missing.

Texts are found in Python by its own parser and in templates by Django's lexer, so no external tool is needed.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, TokenType
from django.utils.translation.template import block_re, constant_re, endblock_re, inline_re, plural_re

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "guantong"
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop", "say"}
PLURAL = {"ngettext", "ngettext_lazy", "say_counted"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
Found = tuple[str | tuple[str, str], str, int]


def texts_of_python(path: Path) -> Iterator[Found]:
    """Texts in ``_(…)``, ``gettext…(…)``, ``ngettext…(…)`` and ``say…(…)`` with a literal first argument."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        words = [each.value for each in node.args[:2] if isinstance(each, ast.Constant)]
        if node.func.id in SINGULAR and words and isinstance(words[0], str):
            yield words[0], str(path.relative_to(ROOT)), node.lineno
        elif node.func.id in WITH_CONTEXT and len(words) == 2:
            yield f"{words[0]!s}\x04{words[1]!s}", str(path.relative_to(ROOT)), node.lineno
        elif node.func.id in PLURAL and len(words) == 2:
            yield (str(words[0]), str(words[1])), str(path.relative_to(ROOT)), node.lineno


def texts_of_template(path: Path) -> Iterator[Found]:
    """Texts in ``translate``, ``blocktranslate`` and ``_("…")`` arguments."""
    where = str(path.relative_to(ROOT))
    block: list[str] | None = None
    singular = ""
    plural = False
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        line = token.lineno or 0
        if block is not None:
            if token.token_type == TokenType.BLOCK and endblock_re.match(token.contents):
                text = "".join(block)
                yield ((singular, text) if plural else text), where, line
                block, plural = None, False
            elif token.token_type == TokenType.BLOCK and plural_re.match(token.contents):
                singular, block, plural = "".join(block), [], True
            elif token.token_type == TokenType.VAR:
                block.append(f"%({token.contents})s")
            elif token.token_type == TokenType.TEXT:
                block.append(token.contents.replace("%", "%%"))
            continue
        if token.token_type == TokenType.BLOCK:
            inline = inline_re.match(token.contents)
            if inline:
                yield inline[1].strip("\"'").replace("%", "%%"), where, line
            elif block_re.match(token.contents):
                block = []
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            for constant in constant_re.findall(token.contents):
                yield constant[2:-1].strip("\"'"), where, line


def texts() -> Iterator[Found]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield from texts_of_python(path)
    for path in sorted(PACKAGE.rglob("*.html")):
        yield from texts_of_template(path)


def catalogue() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="en", project="guantong", charset="utf-8")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def wanted() -> Catalog:
    """Every text of the sources, with its places."""
    fresh = Catalog(locale="en", project="guantong", charset="utf-8")
    for text, where, _line in texts():
        flags = ["python-format"] if "%(" in (text if isinstance(text, str) else text[0]) else []
        context, _mark, said = text.rpartition("\x04") if isinstance(text, str) else ("", "", text)
        fresh.add(said, locations=[(where, 0)], flags=flags, context=context or None)
    return fresh


def missing() -> list[str]:
    """Texts of the sources that have no English."""
    known = catalogue()
    gaps = []
    for message in wanted():
        if not message.id:
            continue
        english = known.get(message.id, message.context)
        parts = (
            (english.string if isinstance(english.string, tuple | list) else [english.string])
            if english
            else [""]
        )
        if english is None or english.fuzzy or not all(parts):
            gaps.append(str(message.id))
    return gaps


def update() -> int:
    """Write the catalogue with the texts of today; English already there is kept. Returns how many lack it."""
    known, fresh = catalogue(), wanted()
    for message in fresh:
        old = known.get(message.id, message.context) if message.id else None
        if old and old.string:
            message.string = old.string
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, fresh, sort_output=True, width=110, omit_header=False, include_lineno=False)
    return len(missing())


if __name__ == "__main__":
    if "--check" in sys.argv:
        gaps = missing()
        print("\n".join(gaps))
        sys.exit(bool(gaps))
    print(f"{update()} texts without English")
