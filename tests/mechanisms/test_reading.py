"""What a file must be before any rule looks at it: readable, in UTF-8, with keys that are words."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guantong.mechanisms.package import Finding, Reading, builtin_packages, read_package, read_package_file
from mechanisms.seeding import DATA, VALID, seeded


def only(reading: Reading) -> Finding:
    assert reading.package is None
    assert len(reading.findings) == 1, reading.findings
    return reading.findings[0]


class TestReadPackage:
    def test_a_valid_file_gives_a_package_and_no_findings(self) -> None:
        reading = read_package(VALID, name="valid.yaml")
        assert reading.findings == []
        assert reading.package is not None
        assert reading.package.identifier == "road-care"

    def test_bytes_with_a_byte_order_mark_read_the_same(self) -> None:
        with_mark = read_package(b"\xef\xbb\xbf" + VALID.encode(), name="valid.yaml").package
        without = read_package(VALID, name="valid.yaml").package
        assert with_mark is not None
        assert without is not None
        assert with_mark.digest == without.digest

    def test_another_encoding_is_named_with_its_line(self) -> None:
        finding = only(read_package(VALID.encode("gb18030"), name="gbk.yaml"))
        assert (finding.rule, finding.file, finding.line) == (0, "gbk.yaml", 4)
        assert "UTF-8" in finding.suggestion

    @pytest.mark.parametrize("text", ["", "# 只有注释\n", "\n\n"])
    def test_an_empty_file_is_a_finding(self, text: str) -> None:
        assert "空" in only(read_package(text, name="empty.yaml")).message

    @pytest.mark.parametrize("text", ["[1, 2]", "一句话", "42"])
    def test_a_file_that_is_no_mapping_is_a_finding(self, text: str) -> None:
        assert only(read_package(text, name="list.yaml")).rule == 0

    def test_a_syntax_error_has_the_line_of_the_error(self) -> None:
        finding = only(
            read_package("format: mechanism/1\nid: a\nname: {zh: 三\nlevels: []\n", name="broken.yaml")
        )
        assert finding.rule == 0
        assert finding.line in {3, 4}
        assert finding.suggestion

    def test_two_documents_in_one_file_are_refused_at_the_second(self) -> None:
        finding = only(read_package("id: a\n---\nid: b\n", name="two.yaml"))
        assert (finding.line, "---" in finding.suggestion) == (2, True)

    def test_a_file_over_one_megabyte_is_refused_unread(self) -> None:
        assert "字节" in only(read_package("# " + "x" * 1_000_001, name="big.yaml")).message

    def test_an_alias_bomb_is_refused_without_unfolding_it(self) -> None:
        bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
        )
        finding = only(read_package(bomb, name="bomb.yaml"))
        assert (finding.rule, "别名" in finding.message) == (0, True)

    def test_an_alias_to_itself_is_refused(self) -> None:
        assert "别名" in only(read_package("a: &a [*a]\n", name="loop.yaml")).message

    @pytest.mark.parametrize("opening", ["[", "{a: "])
    def test_endless_nesting_is_refused_with_its_line(self, opening: str) -> None:
        finding = only(read_package("a:\n  " + opening * 20_000, name="deep.yaml"))
        assert (finding.rule, finding.line) == (0, 2)

    @pytest.mark.parametrize(
        "tag", ["!!python/object/apply:os.system [ls]", "!!binary aGk=", "!own 3", "!!set {a}"]
    )
    def test_typed_values_are_never_built(self, tag: str) -> None:
        reading = read_package(VALID.replace("locale: zh-CN", f"locale: {tag}"), name="tag.yaml")
        assert [(each.rule, each.line) for each in reading.findings if each.rule == 0] == [(0, 5)]

    @pytest.mark.parametrize("letters", ['"\\ud800"', '"a\\0b"', '"\\e[31m"'])
    def test_letters_that_cannot_be_kept_are_findings(self, letters: str) -> None:
        reading = read_package(VALID.replace("locale: zh-CN", f"locale: {letters}"), name="odd.yaml")
        assert [(each.rule, each.line) for each in reading.findings if each.rule == 0] == [(0, 5)]

    def test_an_escape_beyond_unicode_is_a_finding(self) -> None:
        assert only(read_package('id: "\\UFFFFFFFF"\n', name="odd.yaml")).rule == 0


class TestKeysAreWords:
    @pytest.mark.parametrize("word", ["on", "no", "yes", "off", "true", "12", "null", "2026-01-05"])
    def test_a_key_that_yaml_reads_as_something_else_is_a_finding(self, word: str) -> None:
        fault = seeded("locale: zh-CN", f"{word}: zh-CN")
        finding = fault.on_the_line(1)
        assert finding.path == word
        assert f'"{word}"' in finding.suggestion

    def test_a_key_written_twice_names_the_first_line(self) -> None:
        finding = seeded("locale: zh-CN", "id: other").on_the_line(1)
        assert finding.path == "id"
        assert "第 2 行" in finding.suggestion

    def test_merge_keys_are_refused(self) -> None:
        finding = seeded("locale: zh-CN", "<<: {locale: zh-CN}").on_the_line(1)
        assert "<<" in finding.suggestion

    @pytest.mark.parametrize(("old", "new"), [('"12-20"', "12-20"), ('"12-20"', "2026-12-20")])
    def test_a_date_without_quotes_is_a_finding(self, old: str, new: str) -> None:
        fault = seeded(f"due: {old}", f"due: {new}")
        found = [each for each in fault.reading.findings if each.rule == 1]
        assert [(each.line, each.path) for each in found] == [(fault.line, "duties[2].cadence.due")]
        assert '"12-20"' in found[0].suggestion

    @pytest.mark.parametrize("word", ["no", "yes", "on", "off", "No", "ON"])
    def test_a_value_that_yaml_reads_as_true_or_false_is_a_finding(self, word: str) -> None:
        fault = seeded("assessed: true", f"assessed: {word}")
        finding = fault.on_the_line(1)
        assert finding.path == "unit_kinds[0].assessed"
        assert "true" in finding.suggestion

    @pytest.mark.parametrize("number", ["010", "0x10", "1:30", ".inf", ".nan", "1_000", "9" * 5000])
    def test_numbers_that_do_not_mean_what_they_show_are_findings(self, number: str) -> None:
        fault = seeded("max_fields_per_report: 5", f"max_fields_per_report: {number}")
        assert (1, fault.line) in {(each.rule, each.line) for each in fault.reading.findings}
        assert fault.reading.package is None


class TestEveryFinding:
    def test_has_file_line_and_suggestion(self) -> None:
        for file in DATA.glob("sample_*.yaml"):
            lines = file.read_text(encoding="utf-8").count("\n") + 1
            for each in read_package_file(file).findings:
                assert each.file == file.name
                assert 1 <= each.line <= lines
                assert each.message
                assert each.suggestion


SOURCES = [path.read_bytes() for path in (*builtin_packages().values(), DATA / "valid.yaml")]
FRAGMENTS = [b"on:", b"- ", b"[", b"]", b"{", b"}", b": ", b"\n", b"&a", b"*a", b"!!int", b'"', b"null", b"1e999",
             b"-1", b"\t", b"\xff", b"02-30", b"~", b"?", b"|", b"<<: ", b"true"]  # fmt: skip


class TestNoTextIsAnException:
    @settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.sampled_from(SOURCES),
        st.lists(
            st.tuples(st.integers(0, 16_000), st.integers(0, 30), st.sampled_from(FRAGMENTS)),
            min_size=1,
            max_size=4,
        ),
    )
    def test_whatever_is_cut_out_or_put_in(self, text: bytes, cuts: list[tuple[int, int, bytes]]) -> None:
        for at, length, put in cuts:
            at %= len(text)
            text = text[:at] + put + text[at + length :]
        reading = read_package(text, name="mutated.yaml")
        assert reading.package is not None or reading.findings
        assert all(each.line >= 1 and each.suggestion for each in reading.findings)

    @settings(max_examples=200, deadline=None)
    @given(st.binary(max_size=200))
    def test_bytes_of_any_kind(self, text: bytes) -> None:
        assert read_package(text, name="any.yaml").findings

    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.data())
    def test_whatever_value_stands_in_the_place_of_another(self, data: st.DataObject) -> None:
        import copy
        import json

        import yaml

        source = copy.deepcopy(yaml.safe_load(VALID))
        spot = source
        while True:
            keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
            if not keys:
                return
            key = data.draw(st.sampled_from(keys))
            if not isinstance(spot[key], dict | list) or data.draw(st.integers(0, 2)) == 0:
                break
            spot = spot[key]
        spot[key] = data.draw(
            st.sampled_from(
                [
                    None,
                    [],
                    {},
                    "",
                    "none",
                    "inherit",
                    0,
                    -1,
                    1.5,
                    True,
                    [[]],
                    [None],
                    {"a": None},
                    [{}],
                    "D01",
                ]
            )
        )
        reading = read_package(json.dumps(source), name="typed.yaml")
        if reading.valid:
            assert reading.package is not None
            assert type(reading.package).from_canonical(reading.package.canonical_json()) == reading.package
