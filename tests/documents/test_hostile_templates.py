"""What a template may not carry or do: each is refused with a sentence, none crashes, none runs on, none reads a thing."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import pytest

from documents.cast import template_saying
from guantong.documents.kinds import PAPERS
from guantong.documents.templating import opening
from guantong.documents.templating.checking import findings_in
from guantong.documents.templating.filling import filled
from guantong.kernel.refusals import Refusal

FIELDS = PAPERS["circular"].fields
GOOD = ("{{ title }}", "{%p for row in paragraphs %}", "{{ row.text }}", "{%p endfor %}")
PLAIN = template_saying(*GOOD)


def wrong(content: bytes) -> list[str]:
    return findings_in(content, FIELDS).wrong


def with_parts(**parts: bytes) -> bytes:
    """The plain template with parts put in or in place of others: ``word__settings_xml``."""
    named = {
        name.replace("__", "/").replace("_xml", ".xml").replace("_rels", ".rels"): text
        for name, text in parts.items()
    }
    return packed(named)


def packed(named: dict[str, bytes], *, base: bytes = PLAIN) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in named:
                target.writestr(name, source.read(name))
        for name, text in named.items():
            target.writestr(name, text)
    return out.getvalue()


def part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as source:
        return source.read(name)


def changed(name: str, before: bytes, after: bytes) -> bytes:
    text = part(name)
    assert before in text
    return packed({name: text.replace(before, after, 1)})


RELS = "word/_rels/document.xml.rels"
END_OF_RELS, END_OF_BODY = b"</Relationships>", b"<w:sectPr"
REL = b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s" TargetMode="External"/>'
FIELD = b'<w:p><w:r><w:instrText xml:space="preserve"> %s </w:instrText></w:r></w:p>'

FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "空文件"),
    "text": (lambda: b"{{ title }}", "不是 Word 文档"),
    "pdf": (lambda: b"%PDF-1.7\n%%EOF", "不是 Word 文档"),
    "old word file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "旧格式"),
    "cut off": (lambda: PLAIN[: len(PLAIN) // 2], "不是 Word 文档"),
    "a zip of something else": (lambda: zipped({"a.txt": b"a"}), "不是 Word 文档"),
    "paths that climb": (lambda: packed({"../../evil.xml": b"<a/>"}), "不是 Word 文档"),
    "macros": (lambda: packed({"word/vbaProject.bin": b"x"}), "含有宏"),
    "macro type": (
        lambda: changed("[Content_Types].xml", b"wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"),
        "含有宏",
    ),
    "a program": (lambda: packed({"word/media/tool.exe": b"MZ"}), "含有宏或程序"),
    "ActiveX": (lambda: packed({"word/activeX/activeX1.xml": b"<a/>"}), "含有宏或程序"),
    "an embedded workbook": (lambda: packed({"word/embeddings/book.xlsx": b"PK"}), "嵌有别的文件"),
    "an embedded page": (lambda: packed({"word/afchunk.mht": b"x"}), "嵌有别的文件"),
    "a linked picture": (lambda: changed(RELS, END_OF_RELS, REL % (b"image", b"http://10.0.0.1/a.png") + END_OF_RELS), "外部链接"),
    "a hyperlink": (lambda: changed(RELS, END_OF_RELS, REL % (b"hyperlink", b"https://example.cn") + END_OF_RELS), "外部链接"),
    "an attached template": (
        lambda: packed({"word/_rels/settings.xml.rels": b"<Relationships>" + REL % (b"attachedTemplate", b"file:///c:/x.dotm") + END_OF_RELS}),
        "外部链接",
    ),
    "an included file": (lambda: changed("word/document.xml", END_OF_BODY, FIELD % b"INCLUDETEXT /etc/passwd" + END_OF_BODY), "外部"),
    "an included picture": (lambda: changed("word/document.xml", END_OF_BODY, FIELD % b"INCLUDEPICTURE http://10.0.0.1/a" + END_OF_BODY), "外部"),
    "a command": (lambda: changed("word/document.xml", END_OF_BODY, FIELD % b"DDEAUTO c:\\\\cmd.exe" + END_OF_BODY), "外部"),
    "a command in pieces": (
        lambda: changed("word/document.xml", END_OF_BODY,
                        b'<w:p><w:r><w:instrText> DDE</w:instrText></w:r><w:r><w:instrText>AUTO x</w:instrText></w:r></w:p>' + END_OF_BODY),
        "外部",
    ),
    "a command in small letters": (
        lambda: changed("word/document.xml", END_OF_BODY, FIELD % b"includetext /etc/passwd" + END_OF_BODY), "外部",
    ),
    "a command spelt by numbers": (
        lambda: changed("word/document.xml", END_OF_BODY, FIELD % b"INCL&#85;DEPICTURE x" + END_OF_BODY), "外部",
    ),
    "a command under another prefix": (
        lambda: changed(
            "word/document.xml", END_OF_BODY,
            b'<w:p><w:r><v:instrText xmlns:v="http://schemas.openxmlformats.org/wordprocessingml/2006/main">DDEAUTO x</v:instrText></w:r></w:p>' + END_OF_BODY,
        ),
        "外部",
    ),
    "a command in a simple field": (
        lambda: changed("word/document.xml", END_OF_BODY, b'<w:p><w:fldSimple w:instr="includepicture a"/></w:p>' + END_OF_BODY), "外部",
    ),
    "a link in a field": (
        lambda: changed("word/document.xml", END_OF_BODY, FIELD % b'HYPERLINK "https://example.cn"' + END_OF_BODY), "外部",
    ),
    "a linked picture spelt by numbers": (
        lambda: changed(RELS, END_OF_RELS, (REL % (b"image", b"http://10.0.0.1/a.png")).replace(b"External", b"&#69;xternal") + END_OF_RELS),
        "外部链接",
    ),
    "a linked picture that says it is inside": (
        lambda: changed(RELS, END_OF_RELS, (REL % (b"image", b"http://10.0.0.1/a.png")).replace(b' TargetMode="External"', b"") + END_OF_RELS),
        "外部链接",
    ),
    "a shape with an address of its own": (
        lambda: changed("word/document.xml", END_OF_BODY, b'<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata src="http://10.0.0.1/a.png"/></v:shape></w:pict></w:r></w:p>' + END_OF_BODY),
        "外部链接",
    ),
    "a remark": (
        lambda: packed({"word/comments.xml": b'<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:comment w:id="1" w:author="a"/></w:comments>'}),
        "批注或修订",
    ),
    "words struck out but kept": (
        lambda: changed("word/document.xml", END_OF_BODY, b'<w:p><w:del w:id="1" w:author="a"><w:r><w:delText>x</w:delText></w:r></w:del></w:p>' + END_OF_BODY),
        "批注或修订",
    ),
    "hidden words": (
        lambda: changed("word/document.xml", END_OF_BODY, b"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r></w:p>" + END_OF_BODY),
        "隐藏文字",
    ),
    "mail merge": (lambda: changed("word/settings.xml", b"<w:zoom", b"<w:mailMerge/><w:zoom"), "外部"),
    "entities": (
        lambda: packed({"word/document.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + part("word/document.xml")}),
        "不该有的定义",
    ),
    "laughs by the billion": (
        lambda: packed({"docProps/custom.xml": b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>'}), "不该有的定义"
    ),
    "entities in UTF-16": (
        lambda: packed({"docProps/custom.xml": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY a "b">]><a/>'.encode("utf-16")}),
        "不该有的定义",
    ),
    "a bomb": (lambda: packed({"word/media/a.xml": bytes(40 * 1024 * 1024)}), "太大"),
    "thousands of parts": (lambda: packed({f"word/media/{n}.png": b"" for n in range(400)}), "太大"),
    "too large": (lambda: PLAIN + bytes(4 * 1024 * 1024), "太大"),
    "a body that is no XML": (lambda: packed({"word/document.xml": b"<w:document"}), "读不出来"),
    "a body without end": (lambda: template_saying(*GOOD, "长" * 600_000), "太大"),
}  # fmt: skip


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return out.getvalue()


SAYINGS = {
    "a class": "{{ ''.__class__.__mro__ }}",
    "a builtin": "{{ title.__init__.__globals__ }}",
    "a call": "{{ title.upper() }}",
    "a config": "{{ self._TemplateReference__context }}",
    "a cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "lipsum": "{{ lipsum(1000) }}",
    "attr filter": "{{ title|attr('__class__') }}",
    "map filter": "{{ paragraphs|map('upper')|list }}",
    "subscript": "{{ paragraphs[0]['text'] }}",
    "a product": "{{ 'a' * 1000000000 }}",
    "a power": "{{ 9 ** 99999999 }}",
    "range": "{% for a in range(1000000000) %}x{% endfor %}",
    "a long list": "{% for a in [1,2,3] %}x{% endfor %}",
    "a macro": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import '/etc/passwd' as a %}",
    "extends": "{% extends '/etc/passwd' %}",
    "set": "{% set a = title %}",
    "recursion": "{% for a in paragraphs recursive %}{{ loop(paragraphs) }}{% endfor %}",
    "loops in loops": "{% for a in paragraphs %}{% for b in paragraphs %}{% for c in paragraphs %}x{% endfor %}{% endfor %}{% endfor %}",
    "a dictionary": "{{ {'a': title} }}",
    "concatenation": "{{ title ~ title }}",
    "a test": "{% if title is callable %}x{% endif %}",
    "a cell's span": "{{ loop.length }}",
    "raw": "{% raw %}{{ title }}",
}


class TestHostileFiles:
    @pytest.mark.parametrize("name", FILES)
    def test_it_is_refused_by_name(self, name: str) -> None:
        make, sentence = FILES[name]
        [found] = wrong(make())
        assert sentence in found

    def test_a_bomb_is_not_unpacked(self) -> None:
        start = time.monotonic()
        assert opening.what_is_wrong(packed({"word/media/a.xml": bytes(40 * 1024 * 1024)})) == "too_large"
        assert time.monotonic() - start < 2

    def test_the_plain_one_passes(self) -> None:
        assert wrong(PLAIN) == []

    def test_harmless_fields_and_what_is_not_hidden_pass(self) -> None:
        for harmless in (
            FIELD % b" PAGE ",
            FIELD % b'TOC \\o "1-3" \\h \\z' + FIELD % b"HYPERLINK \\l _Toc1",
            b'<w:p><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>x</w:t></w:r></w:p>',
        ):
            assert wrong(changed("word/document.xml", END_OF_BODY, harmless + END_OF_BODY)) == []


class TestHostileSayings:
    @pytest.mark.parametrize("name", SAYINGS)
    def test_it_is_refused_before_anything_runs(self, name: str) -> None:
        assert wrong(template_saying(*GOOD, SAYINGS[name])) != []

    @pytest.mark.parametrize("name", SAYINGS)
    def test_it_is_refused_again_when_filled_in(self, name: str) -> None:
        """Should one ever be kept unchecked."""
        with pytest.raises(Refusal, match="套用模板没有成功"):
            filled(template_saying(*GOOD, SAYINGS[name]), FIELDS, {"title": "标题"}, trusted=True)

    @pytest.mark.parametrize("place", ["header", "footer", "title"])
    def test_headers_footers_and_properties_are_looked_over_too(self, place: str) -> None:
        import docx

        page = docx.Document(io.BytesIO(PLAIN))
        if place == "title":
            page.core_properties.title = SAYINGS["a class"]
        else:
            getattr(page.sections[0], place).paragraphs[0].text = SAYINGS["a class"]
        out = io.BytesIO()
        page.save(out)
        assert wrong(out.getvalue()) != []


class TestLimits:
    ROWS = [{"text": "字" * 200}] * 1500

    def test_an_output_without_bounds_ends_in_a_sentence_and_in_time(self) -> None:
        twice = "{%p for a in paragraphs %}{% for b in paragraphs %}{{ b.text }}{% endfor %}{%p endfor %}"
        lines = (
            "{{ title }}",
            "{%p for a in paragraphs %}",
            twice.split("%}", 1)[1].rsplit("{%p", 1)[0],
            "{%p endfor %}",
        )
        start = time.monotonic()
        with pytest.raises(Refusal, match=r"太多|时限"):
            filled(template_saying(*lines), FIELDS, {"title": "标题", "paragraphs": self.ROWS}, trusted=False)
        assert time.monotonic() - start < 30

    def test_the_process_sees_no_setting_and_no_key(self) -> None:
        import subprocess
        import sys

        code = "import guantong.documents.templating.worker, sys; print([m for m in sys.modules if m.startswith('django')])"
        found = subprocess.run(
            [sys.executable, "-I", "-c", code], capture_output=True, text=True, env={}, check=True
        )
        assert found.stdout.strip() == "[]"
