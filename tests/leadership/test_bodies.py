from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from conftest import City, SignIn, at
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import Body, FirstResponsible, Membership
from guantong.leadership.operations import bodies
from guantong.leadership.queries.bodies import bodies_visible_to, meetings_wanted, members_on
from leadership.meeting_cast import GROUP, district, group, group_head, held, leader, log_is_clean, office_of


def name_first(city: City, body: Body, who: Any, month: int, day: int, **more: Any) -> FirstResponsible:
    given = {
        "body": body, "office": office_of(who), "since": dt.date(2026, month, day), "basis": "市委〔2026〕1号",
        "actor": city.coordinator, "now": at(month, day),
    }  # fmt: skip
    return bodies.name_first_responsible(**(given | more))


class TestSettingUp:
    def test_a_body_has_its_kind_what_it_handles_and_how_often_it_meets(self, city: City) -> None:
        body = group(city)
        assert (body.kind, body.handles) == ("leading_group", ["年度要点审定", "考核办法审定"])
        assert (
            meetings_wanted(body, year=2026, until=dt.date(2026, 10, 15)) == 2
        )  # of the whole quarters since
        assert log_is_clean()

    def test_all_three_kinds_stand_beside_each_other(self, city: City) -> None:
        for kind in ("leading_group", "deliberation", "office"):
            group(city, kind=kind, name=kind)
        assert set(Body.objects.values_list("kind", flat=True)) == {"leading_group", "deliberation", "office"}

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"kind": "council"}, "机构类型"),
            ({"name": " "}, "机构名称"),
            ({"meets_count": None}, "写全"),
            ({"meets_per": "fortnight"}, "周期"),
            ({"handles": ["事"] * 21}, "最多 20 类"),
        ],
    )
    def test_what_is_no_body_is_refused(self, city: City, changes: dict[str, Any], sentence: str) -> None:
        with pytest.raises(Refusal, match=sentence):
            group(city, **changes)
        assert not Body.objects.exists()

    def test_one_of_a_name_at_a_time(self, city: City) -> None:
        body = group(city)
        with pytest.raises(Refusal, match="已经设立"):
            group(city)
        bodies.close_body(body=body, closed_on=dt.date(2026, 2, 1), actor=city.coordinator, now=at(2, 1))
        assert group(city) != body

    def test_only_the_coordinating_office_sets_one_up(self, city: City) -> None:
        for actor in (city.head, leader(city), district(city)):
            with pytest.raises(Refusal, match="统筹协调单位"):
                bodies.set_up_body(
                    unit=city.units[GROUP], terms=bodies.Terms("office", "办公室"), opened_on=dt.date(2026, 1, 5),
                    actor=actor, now=at(1, 5),
                )  # fmt: skip


class TestSitting:
    def test_who_sat_when_is_kept(self, city: City) -> None:
        body = group(city)
        seat = Membership.objects.get(body=body, office=office_of(leader(city)))
        bodies.end_membership(
            membership=seat, ends_on=dt.date(2026, 3, 31), actor=city.coordinator, now=at(3, 31)
        )
        everybody = {office_of(each).pk for each in (group_head(city), leader(city), leader(city, 2))}
        on = {day: {each.office_id for each in members_on(body, day)} for day in
              (dt.date(2026, 1, 4), dt.date(2026, 3, 31), dt.date(2026, 4, 1))}  # fmt: skip
        assert list(on.values()) == [set(), everybody, everybody - {seat.office_id}]
        assert log_is_clean()

    def test_seating_somebody_who_sits_changes_nothing(self, city: City) -> None:
        body = group(city)
        again = bodies.seat_members(
            body=body, offices=[office_of(leader(city))], part="deputy", since=dt.date(2026, 2, 1),
            actor=city.coordinator, now=at(2, 1),
        )  # fmt: skip
        assert again == []
        assert set(body.memberships.values_list("part", flat=True)) == {"member"}

    def test_a_term_does_not_begin_before_the_body_nor_end_before_it_began(self, city: City) -> None:
        body = group(city)
        with pytest.raises(Refusal, match="不能早于机构设立"):
            bodies.seat_members(
                body=body, offices=[office_of(district(city))], part="member", since=dt.date(2026, 1, 4),
                actor=city.coordinator, now=at(1, 5),
            )  # fmt: skip
        with pytest.raises(Refusal, match="早于任期开始"):
            bodies.end_membership(
                membership=body.memberships.all()[0], ends_on=dt.date(2026, 1, 4), actor=city.coordinator,
                now=at(1, 5),
            )  # fmt: skip


class TestFirstResponsible:
    def test_there_is_one_at_a_time_with_its_days_and_its_basis(self, city: City) -> None:
        body = group(city)
        name_first(city, body, group_head(city), 1, 6)
        name_first(city, body, leader(city), 6, 1)
        said = set(body.first_responsible.values_list("office", "starts_on", "ends_on", "basis"))
        assert said == {
            (office_of(group_head(city)).pk, dt.date(2026, 1, 6), dt.date(2026, 5, 31), "市委〔2026〕1号"),
            (office_of(leader(city)).pk, dt.date(2026, 6, 1), None, "市委〔2026〕1号"),
        }
        assert log_is_clean()

    def test_naming_the_same_post_again_is_harmless(self, city: City) -> None:
        body = group(city)
        first = name_first(city, body, group_head(city), 1, 6)
        assert name_first(city, body, group_head(city), 2, 6) == first
        assert body.first_responsible.count() == 1

    def test_without_basis_or_not_after_the_one_before_is_refused(self, city: City) -> None:
        body = group(city)
        with pytest.raises(Refusal, match="依据"):
            name_first(city, body, group_head(city), 1, 6, basis=" ")
        name_first(city, body, group_head(city), 1, 6)
        with pytest.raises(Refusal, match="晚于现任"):
            name_first(city, body, leader(city), 1, 6)


class TestClosing:
    def test_everybody_s_term_ends_with_the_body_and_nothing_can_be_done_to_it(self, city: City) -> None:
        body = group(city)
        name_first(city, body, group_head(city), 1, 6)
        closed_on = dt.date(2026, 6, 30)
        bodies.close_body(body=body, closed_on=closed_on, actor=city.coordinator, now=at(6, 30))
        ends = {*body.memberships.values_list("ends_on", flat=True),
                *body.first_responsible.values_list("ends_on", flat=True)}  # fmt: skip
        assert ends == {closed_on}
        assert log_is_clean()
        with pytest.raises(Refusal, match="已经撤销"):
            bodies.change_body(
                body=body, terms=bodies.Terms("office", "办公室"), actor=city.coordinator, now=at(7, 1)
            )


class TestSight:
    def test_a_member_sees_the_body_whatever_its_scope_and_a_stranger_does_not(self, city: City) -> None:
        body = group(city)
        bodies.seat_members(
            body=body, offices=[office_of(district(city))], part="member", since=dt.date(2026, 2, 1),
            actor=city.coordinator, now=at(2, 1),
        )  # fmt: skip
        seen = {
            name: set(bodies_visible_to(who))
            for name, who in {
                "office": city.coordinator, "member": district(city), "stranger": district(city, "150622"),
                "administrator": city.acting("1506-LGO", "system_admin"),
            }.items()
        }  # fmt: skip
        assert seen == {"office": {body}, "member": {body}, "stranger": set(), "administrator": set()}


class TestPages:
    def test_the_list_shows_kinds_who_is_responsible_and_meetings_held(
        self, city: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        body = group(city)
        name_first(city, body, group_head(city), 1, 6)
        held(city, leader(city), body=body)
        client = as_(city.coordinator)
        with django_assert_max_num_queries(16):
            page = client.get("/bodies/")
        text = page.content.decode()
        assert all(
            each in text for each in ("市委工作领导小组", office_of(group_head(city)).title, "还没有设立")
        )

    def test_one_body_shows_members_and_meetings(self, city: City, as_: SignIn) -> None:
        body = group(city)
        meeting = held(city, leader(city), body=body)
        text = as_(leader(city)).get(f"/bodies/{body.pk}/").content.decode()
        assert f'/meetings/{meeting.pk}/"' in text
        assert "添加成员" not in text

    def test_it_is_set_up_filled_and_closed_by_hand(self, city: City, as_: SignIn) -> None:
        client = as_(city.coordinator)
        wrong = client.post("/bodies/new/", {"kind": "office", "name": "", "unit": city.units["1506-LGO"].pk})
        assert wrong.status_code == 422
        given = {
            "kind": "office", "name": "领导小组办公室", "unit": city.units["1506-LGO"].pk, "opened_on": "2026-01-05",
            "handles": "会务\n督办", "meets_per": "month", "meets_count": 1,
        }  # fmt: skip
        assert client.post("/bodies/new/", given).status_code == 302
        body = Body.objects.get()
        assert body.handles == ["会务", "督办"]
        found = client.get(f"/bodies/{body.pk}/?q=发展和改革").content.decode()
        office = office_of(city.head)
        assert f'value="{office.pk}"' in found
        client.post(
            f"/bodies/{body.pk}/members/", {"offices": [office.pk], "part": "member", "since": "2026-02-01"}
        )
        seat = Membership.objects.get()
        first = {"office": office.pk, "since": "2026-02-01", "basis": "发〔2026〕2号"}
        assert client.post(f"/bodies/{body.pk}/first-responsible/", first).status_code == 302
        changed = {"kind": "office", "name": "办公室", "handles": "会务"}
        assert client.post(f"/bodies/{body.pk}/change/", changed).status_code == 302
        assert client.post(f"/memberships/{seat.pk}/end/", {"on": "2026-03-01"}).status_code == 302
        assert client.post(f"/bodies/{body.pk}/closing/", {"on": "2026-06-01"}).status_code == 302
        body.refresh_from_db()
        assert (body.name, body.meets_per, body.closed_on) == ("办公室", "", dt.date(2026, 6, 1))
        assert client.post(f"/bodies/{body.pk}/closing/", {"on": "2026-06-01"}).status_code == 422
        assert log_is_clean()

    def test_strangers_readers_and_wrong_verbs(self, city: City, as_: SignIn) -> None:
        body = group(city)
        acts = ("change", "members", "first-responsible", "closing")
        reader, stranger = as_(leader(city)), as_(district(city, "150622"))
        assert stranger.get(f"/bodies/{body.pk}/").status_code == 404
        assert stranger.post(f"/bodies/{body.pk}/").status_code == 405
        for act in acts:
            assert reader.post(f"/bodies/{body.pk}/{act}/").status_code == 403
            assert as_(city.coordinator).get(f"/bodies/{body.pk}/{act}/").status_code == 405
