"""A saved view keeps a filter, never what it showed: whoever opens it sees what they may see."""

from __future__ import annotations

import pytest
from django.urls import reverse

from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.accounts.choices import Role
from guantong.accounts.operations import open_office
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.search.listings import LISTS, kept_of, list_at
from guantong.search.models import SavedView
from guantong.search.operations import drop_view, save_view
from guantong.search.queries import own_views, view_by_link, views_of_unit, views_visible_to
from search.cast import play

NOW = at(3, 3)
ADDRESS = "/records/?q=%E5%BA%A7%E8%B0%88&page=3"


@pytest.fixture
def owner(signed: City) -> Acting:
    return signed.acting("150602", "first_responsible")


def save(owner: Acting, name: str = "座谈会", shared: str = "nobody", address: str = ADDRESS) -> SavedView:
    return save_view(name=name, address=address, shared=shared, actor=owner, now=NOW)


class TestSaving:
    def test_the_filter_is_kept_without_the_page(self, owner: Acting) -> None:
        view = save(owner)
        assert (view.address, view.page) == ("/records/?q=%E5%BA%A7%E8%B0%88", "records")
        assert view.unit == owner.office.unit  # type: ignore[union-attr]
        assert not verify_log().faults

    @pytest.mark.parametrize(
        "address",
        ["https://elsewhere.example/records/", "//elsewhere.example/records/", "/records/new/", "/records/1/", "/audit/", "/people/",
         "/nowhere/", "records/", "", "/records/?q=" + "x" * 1000, "javascript:alert(1)"],
    )  # fmt: skip
    def test_only_lists_of_this_site(self, owner: Acting, address: str) -> None:
        with pytest.raises(Refusal):
            save(owner, address=address)
        assert not SavedView.objects.exists()

    def test_a_list_the_office_may_not_open_is_refused(self, signed: City) -> None:
        assessor = signed.acting("1506-LGO", "assessor")
        with pytest.raises(Refusal):
            save(assessor, address="/cases/?q=a")

    def test_a_name_once_per_person(self, owner: Acting, signed: City) -> None:
        first = save(owner)
        with pytest.raises(Refusal):
            save(owner)
        save(signed.coordinator)
        drop_view(view=first, actor=owner, now=NOW)
        save(owner)
        assert SavedView.objects.filter(dropped_at=None).count() == 2

    def test_every_list_named_is_a_page_that_names_no_object(self) -> None:
        for name in LISTS:
            assert list_at(reverse(name)) == name

    def test_what_belongs_to_one_look_is_not_kept(self) -> None:
        assert kept_of("/tasks/?page=2&q=&sort=-number") == "/tasks/?sort=-number"


class TestSharing:
    def test_who_finds_it(self, owner: Acting, signed: City) -> None:
        views = {shared: save(owner, shared, shared) for shared in ("nobody", "unit", "link")}
        open_office(
            unit=signed.units["150602"], seat="deputy", title="副职", role=Role.CLERK, scope=signed.units["150602"],
            actor=CONSOLE, now=NOW,
        )  # fmt: skip
        colleague, stranger = signed.acting("150602", "deputy"), signed.acting("150622", "first_responsible")
        assert set(own_views(owner)) == set(views.values()) == set(views_visible_to(owner))
        assert set(views_visible_to(colleague)) == set(views_of_unit(colleague)) == {views["unit"]}
        assert not views_visible_to(stranger).exists()
        assert view_by_link(views["link"].code) == views["link"]
        assert view_by_link(views["unit"].code) is None
        drop_view(view=views["link"], actor=owner, now=NOW)
        assert view_by_link(views["link"].code) is None

    def test_opening_shows_what_the_opener_may_see(self, owner: Acting, signed: City, as_: SignIn) -> None:
        play(signed)
        view = save(owner, shared="link", address="/search/?q=座谈会&kind=records")
        other = as_(signed.acting("150622", "first_responsible"))
        page = other.get(reverse("shared-view", args=[view.code]), follow=True).content.decode()
        assert "准格尔旗召开民营企业" in page
        assert "东胜区召开民营企业" not in page

    def test_only_the_owner_drops_it_and_a_second_time_changes_nothing(
        self, owner: Acting, signed: City
    ) -> None:
        view = save(owner, shared="unit")
        with pytest.raises(Refusal):
            drop_view(view=view, actor=signed.coordinator, now=NOW)
        first = drop_view(view=view, actor=owner, now=NOW).dropped_at
        assert drop_view(view=view, actor=owner, now=at(4, 1)).dropped_at == first
        assert not verify_log().faults


class TestPages:
    def test_a_list_offers_to_be_saved_with_its_filter(self, owner: Acting, as_: SignIn) -> None:
        client = as_(owner)
        page = client.get("/records/", {"q": "座谈"}).content.decode()
        assert "/saved-views/new/?of=%2Frecords%2F%3Fq%3D" in page
        form = client.get(
            "/saved-views/new/",
            {"of": "/records/?q=a"},
            headers={"Referer": "http://testserver/records/?q=b"},
        )
        assert form.context["address"] == "/records/?q=b"
        form = client.get(
            "/saved-views/new/", {"of": "/records/?q=a"}, headers={"Referer": "http://testserver/tasks/?q=b"}
        )
        assert form.context["address"] == "/records/?q=a"

    def test_saving_opening_and_dropping(self, owner: Acting, as_: SignIn) -> None:
        client = as_(owner)
        answer = client.post("/saved-views/new/", {"name": "座谈", "shared": "link", "of": ADDRESS})
        assert answer.url == "/saved-views/"
        view = SavedView.objects.get()
        assert reverse("shared-view", args=[view.code]) in client.get("/saved-views/").content.decode()
        assert client.get(f"/saved-views/{view.pk}/").url == view.address
        assert (
            client.post("/saved-views/new/", {"name": "座谈", "shared": "link", "of": ADDRESS}).status_code
            == 422
        )
        assert client.get(f"/saved-views/{view.pk}/end/").status_code == 405
        assert client.post(f"/saved-views/{view.pk}/end/").status_code == 302
        assert client.post(f"/saved-views/{view.pk}/end/").status_code == 302
        assert client.get(f"/saved-views/{view.pk}/").status_code == 404

    def test_a_stranger_gets_404(self, owner: Acting, signed: City, as_: SignIn) -> None:
        view = save(owner)
        client = as_(signed.acting("150622", "first_responsible"))
        assert client.get(f"/saved-views/{view.pk}/").status_code == 404
        assert client.post(f"/saved-views/{view.pk}/end/").status_code == 404
        assert client.get("/saved-views/shared/nonsense/").status_code == 404

    def test_a_page_of_another_kind_offers_nothing(self, signed: City, as_: SignIn) -> None:
        page = as_(signed.acting("1506-LGO", "audit_admin")).get("/audit/").content.decode()
        assert "<form" in page
        assert reverse("new-view") not in page
