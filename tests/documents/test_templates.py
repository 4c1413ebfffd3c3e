"""An office edits a template in Word: it is looked over with sentences that say what to do, kept, chosen, taken back."""

from __future__ import annotations

import io

import docx
import pytest
from django.urls import reverse

from conftest import CONSOLE, City, SignIn
from documents.cast import NOW, circular, issued, matter, read, template_saying, words
from guantong.accounts.acting import Acting
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.documents.kinds import PAPERS
from guantong.documents.models import Template, TemplateChoice
from guantong.documents.operations import choose_template, upload_template
from guantong.documents.queries import template_for, templates_kept_by
from guantong.documents.templating.checking import Findings, findings_in
from guantong.documents.templating.filling import filled
from guantong.kernel.refusals import Refusal

GOOD = (
    "{{ 标题 }}", "{{ number }}", "{%p for row in paragraphs %}", "{{ row.text }}", "{%p endfor %}", "{{ 署名 }}",
)  # fmt: skip


def upload(city: City, *lines: str, kind: str = "circular", code: str = "1506") -> Template:
    return upload_template(
        kind=kind, unit=city.units[code], name="通报模板.docx", source=io.BytesIO(template_saying(*lines)),
        actor=CONSOLE, now=NOW,
    )  # fmt: skip


def check(*lines: str, kind: str = "circular") -> Findings:
    return findings_in(template_saying(*lines), PAPERS[kind].fields)


class TestChecking:
    @pytest.mark.parametrize("kind", sorted(PAPERS))
    def test_nothing_is_wrong_with_a_built_in_template(self, kind: str) -> None:
        assert findings_in(PAPERS[kind].builtin, PAPERS[kind].fields).wrong == []

    @pytest.mark.parametrize("kind", sorted(PAPERS))
    def test_a_template_may_use_the_chinese_names_as_well(self, kind: str) -> None:
        lines = []
        for each in PAPERS[kind].fields:
            if each.rows:
                row = "".join("{{ 行." + field.label + " }}" for field in each.rows)
                lines += ["{%p for 行 in " + each.label + " %}", row, "{%p endfor %}"]
            else:
                lines.append("{{ " + each.label + " }}")
        assert check(*lines, kind=kind) == Findings()

    def test_an_unknown_field_is_named_with_the_nearest_one(self) -> None:
        found = check(*GOOD, "{{ titel }}").wrong
        assert found == ["正文“{{ titel }}”处：没有名为“titel”的字段，您是不是想用“title”？"]
        assert check(*GOOD, "密级：{{ 密级 }}").wrong == [
            "正文“密级：{{ 密级 }}”处：没有名为“密级”的字段，请从字段表中选用。"
        ]

    @pytest.mark.parametrize(("place", "named"), [("header", "页眉"), ("footer", "页脚")])
    def test_a_mistake_outside_the_text_is_said_to_be_there(self, place: str, named: str) -> None:
        page = docx.Document(io.BytesIO(template_saying(*GOOD)))
        getattr(page.sections[0], place).paragraphs[0].text = "{{ nonsense }}"
        out = io.BytesIO()
        page.save(out)
        [found] = findings_in(out.getvalue(), PAPERS["circular"].fields).wrong
        assert found.startswith(f"{named}“{{{{ nonsense }}}}”处：")

    @pytest.mark.parametrize(
        "line",
        [
            "{{ paragraphs }}",
            "{{ paragraphs|default('') }}",
            "{{ paragraphs if title else title }}",
            "{{ title or paragraphs }}",
            "{{ title|default(paragraphs) }}",
        ],
    )
    def test_a_list_is_not_written_at_once(self, line: str) -> None:
        [found] = check(*GOOD, line).wrong
        assert "“paragraphs”是列表" in found

    def test_a_list_may_be_counted_and_asked_about(self) -> None:
        assert check(*GOOD, "{% if paragraphs %}{{ paragraphs|length }}{% endif %}").wrong == []

    @pytest.mark.parametrize("name", ["title", "loop"])
    def test_a_row_does_not_take_the_name_of_a_field(self, name: str) -> None:
        found = check(
            "{{ title }}", "{%p for " + name + " in paragraphs %}", "{{ " + name + ".text }}", "{%p endfor %}"
        )
        assert any("请换一个名字" in each for each in found.wrong)

    def test_a_loop_from_a_paragraph_into_a_table_is_refused_when_it_is_filled_in(self) -> None:
        page = docx.Document()
        page.add_paragraph("{{ title }}{% for row in paragraphs %}")
        page.add_table(rows=1, cols=1).rows[0].cells[0].text = "{{ row.text }}{% endfor %}"
        out = io.BytesIO()
        page.save(out)
        values = {"title": "标题", "paragraphs": [{"text": "一"}, {"text": "二"}]}
        with pytest.raises(Refusal, match="不在同一层"):
            filled(out.getvalue(), PAPERS["circular"].fields, values, trusted=False)

    def test_an_unknown_field_of_a_row_is_named_too(self) -> None:
        found = check("{{ title }}", "{%p for row in paragraphs %}", "{{ row.texts }}", "{%p endfor %}").wrong
        assert found == [
            "正文“{{ row.texts }}{% endfor %}”处：没有名为“row.texts”的字段，您是不是想用“row.text”？"
        ]

    def test_everything_that_is_wrong_is_said_at_once(self) -> None:
        assert len(check(*GOOD, "{{ one }}", "{{ two }}").wrong) == 2

    def test_fields_left_out_are_listed_and_necessary_ones_must_be_there(self) -> None:
        found = check("{{ title }}")
        assert found.wrong == ["缺少必要的列表“正文”，请用 {% for row in paragraphs %} 逐行列出。"]
        assert [each.label for each in check(*GOOD).lacks] == [
            "发文机关",
            "主送机关",
            "成文日期",
            "数据截止日",
        ]
        assert "缺少必要的字段“标题”，请写上 {{ title }}。" in check("（空）").wrong

    @pytest.mark.parametrize(
        ("line", "sentence"),
        [
            ("{%p for row in paragraphs %}", "没有写结束"),
            ("{%p endfor %}", "前面没有对应的 for 或 if"),
            ("{{ title", "花括号是否成对"),
            ("{% 如果 title %}", "模板只认 for、if"),
            ("{{ title | }}", "写得不完整"),
        ],
    )
    def test_a_broken_one_says_what_to_do(self, line: str, sentence: str) -> None:
        [found] = check(*GOOD, line).wrong
        assert sentence in found

    def test_a_field_is_found_though_word_cuts_it_into_pieces(self) -> None:
        page = docx.Document()
        paragraph = page.add_paragraph()
        for piece in ("{", "{ ti", "tle }", "}"):
            paragraph.add_run(piece)
        for line in GOOD[2:5]:
            page.add_paragraph(line)
        out = io.BytesIO()
        page.save(out)
        assert findings_in(out.getvalue(), PAPERS["circular"].fields).wrong == []


class TestKeepingTemplates:
    def test_an_uploaded_one_is_used_from_now_on(self, signed: City) -> None:
        item = circular(signed)
        before = issued("circular", item)
        made = upload(signed, *GOOD, "本单位自拟的一句话")
        after = issued("circular", item)
        assert (before.template, after.template) == (None, made)
        assert "本单位自拟的一句话" in words(read(after))
        assert "本单位自拟的一句话" not in words(read(before))
        assert item.title.replace("\n", "") in words(read(after)).replace("\n", "")

    def test_versions_count_up_and_the_same_file_is_the_same_version(self, signed: City) -> None:
        first, second = upload(signed, *GOOD), upload(signed, *GOOD, "改过")
        assert (first.version, second.version) == (1, 2)
        again = upload(signed, *GOOD)
        assert again == first
        assert template_for("circular", signed.units["1506"]) == first

    def test_one_goes_back_to_the_built_in_template(self, signed: City) -> None:
        upload(signed, *GOOD, "自拟")
        choose_template(kind="circular", unit=signed.units["1506"], template=None, actor=CONSOLE, now=NOW)
        assert template_for("circular", signed.units["1506"]) is None
        assert "自拟" not in words(read(issued("circular", circular(signed))))

    def test_choosing_what_is_in_use_changes_nothing(self, signed: City) -> None:
        made = upload(signed, *GOOD)
        before = TemplateChoice.objects.count()
        choose_template(kind="circular", unit=signed.units["1506"], template=made, actor=CONSOLE, now=NOW)
        assert TemplateChoice.objects.count() == before

    def test_the_nearest_unit_above_decides(self, signed: City) -> None:
        city = upload(signed, *GOOD, "市级")
        district = upload(signed, *GOOD, "旗区", code="150602")
        assert template_for("circular", signed.units["150602001"]) == district
        assert template_for("circular", signed.units["150622"]) == city
        assert template_for("circular", signed.units["15"]) is None

    def test_one_of_another_unit_or_kind_cannot_be_chosen(self, signed: City) -> None:
        made = upload(signed, *GOOD)
        for kind, code in (("minutes", "1506"), ("circular", "150602")):
            with pytest.raises(Refusal, match="不是本范围"):
                choose_template(kind=kind, unit=signed.units[code], template=made, actor=CONSOLE, now=NOW)

    def test_a_wrong_one_is_refused_with_every_sentence_and_nothing_is_kept(self, signed: City) -> None:
        with pytest.raises(Refusal) as refusal:
            upload(signed, "{{ nonsense }}")
        assert len(refusal.value.reasons) == 3
        assert not Template.objects.exists()

    def test_only_the_keepers_of_the_very_scope_may(self, signed: City) -> None:
        for actor, why in (
            (signed.head, "由统筹协调单位和系统管理员维护"),
            (signed.coordinator, "只能维护本岗位所管范围"),
        ):
            with pytest.raises(Refusal, match=why):
                upload_template(
                    kind="circular", unit=signed.units["150602"], name="x.docx",
                    source=io.BytesIO(template_saying(*GOOD)), actor=actor, now=NOW,
                )  # fmt: skip

    def test_the_log_says_what_was_uploaded_and_chosen(self, signed: City) -> None:
        upload(signed, *GOOD)
        verbs = AuditEntry.objects.filter(verb__startswith="documents.").values_list("verb", flat=True)
        assert sorted(verbs) == ["documents.template_chosen", "documents.template_uploaded"]
        assert verify_log().faults == []

    def test_texts_with_braces_and_markup_stay_texts(self, signed: City) -> None:
        item = matter(signed)
        item.title, item.detail = "<w:t>{{ signer }}</w:t>&", "第一行\x0b\ud800\n{% for %}\ufffe"
        page = words(read(issued("supervision_letter", item)))
        assert "<w:t>{{ signer }}</w:t>&" in page
        assert "第一行\n{% for %}" in page


class TestTemplatePages:
    @pytest.fixture
    def keeper(self, signed: City) -> Acting:
        return signed.coordinator

    def test_the_list_names_every_kind(self, signed: City, keeper: Acting, as_: SignIn) -> None:
        answer = as_(keeper).get(reverse("document-templates"))
        assert answer.status_code == 200
        assert all(str(paper.kind.label) in answer.content.decode() for paper in PAPERS.values())

    def test_a_good_one_is_uploaded_and_its_lacks_are_told(
        self, signed: City, keeper: Acting, as_: SignIn
    ) -> None:
        file = io.BytesIO(template_saying(*GOOD))
        file.name = "模板.docx"
        answer = as_(keeper).post(
            reverse("document-template", args=["circular"]), {"file": file}, follow=True
        )
        assert "已启用第 1 版" in answer.content.decode()
        assert "数据截止日" in answer.content.decode()
        assert Template.objects.get().uploaded_by == keeper.office

    def test_a_wrong_one_is_answered_with_what_to_do(self, signed: City, keeper: Acting, as_: SignIn) -> None:
        file = io.BytesIO(template_saying(*GOOD, "{{ titel }}"))
        file.name = "模板.docx"
        answer = as_(keeper).post(reverse("document-template", args=["circular"]), {"file": file})
        assert answer.status_code == 422
        assert "您是不是想用“title”" in answer.content.decode()

    def test_one_goes_back_and_forth_between_versions(
        self, signed: City, keeper: Acting, as_: SignIn
    ) -> None:
        made = upload(signed, *GOOD)
        client, unit = as_(keeper), signed.units["1506"]
        client.post(reverse("document-template-choice", args=["circular"]))
        assert template_for("circular", unit) is None
        client.post(reverse("document-template-choice", args=["circular"]), {"template": made.pk})
        assert template_for("circular", unit) == made
        assert (
            client.post(reverse("document-template-choice", args=["circular"]), {"template": "x"}).status_code
            == client.post(
                reverse("document-template-choice", args=["circular"]), {"template": "²"}
            ).status_code
            == 404
        )

    def test_the_built_in_one_can_be_taken_away_and_brought_back(
        self, signed: City, keeper: Acting, as_: SignIn
    ) -> None:
        answer = as_(keeper).get(reverse("document-template-builtin", args=["duty_book"]))
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert findings_in(content, PAPERS["duty_book"].fields).wrong == []

    def test_no_other_office_gets_there(self, signed: City, as_: SignIn) -> None:
        assert as_(signed.head).get(reverse("document-templates")).status_code == 403

    def test_an_unknown_kind_is_not_there(self, signed: City, keeper: Acting, as_: SignIn) -> None:
        for name in ("document-template", "document-template-builtin"):
            assert as_(keeper).get(reverse(name, args=["poem"])).status_code == 404

    def test_the_system_administrator_keeps_templates_and_reads_no_document(
        self, signed: City, as_: SignIn
    ) -> None:
        admin = signed.acting("1506-LGO", "system_admin")
        made = upload(signed, *GOOD)
        assert set(templates_kept_by(admin)) == {made}
        document = issued("circular", circular(signed))
        client = as_(admin)
        assert client.get(reverse("document-templates")).status_code == 200
        assert client.get(reverse("document", args=[document.pk])).status_code == 403
