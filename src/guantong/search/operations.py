"""Saving a view under a name and dropping it; adding words that mean the same and ending them."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.search.folding import compact
from guantong.search.listings import LONGEST, kept_of, list_at, may_open
from guantong.search.models import SavedView, Shared, Synonym

MOST_VIEWS = 100  # of one person
MOST_WORDS = 8  # of one group


@transaction.atomic
def save_view(*, name: str, address: str, shared: str, actor: Acting, now: dt.datetime) -> SavedView:
    """Keep a list with its filter under a name. What is kept is the address, never what it showed."""
    name, page = " ".join(name.split()), list_at(address)
    kept = kept_of(address) if page else ""
    if actor.person is None or actor.office is None:
        raise Refusal(_("没有任职，不能保存常用视图。"))
    if not page or not may_open(actor, address):
        raise Refusal(_("这个页面不能保存为常用视图。请在带筛选的列表页上保存。"))
    if len(kept) > LONGEST:
        raise Refusal(_("筛选条件太多，没有保存。请减少条件再保存。"))
    if not name:
        raise Refusal(_("请填写名称。"))
    own = SavedView.objects.select_for_update().filter(person=actor.person, dropped_at=None)
    if own.filter(name=name).exists():
        raise Refusal(_("您已经有叫“%(name)s”的视图，请换一个名称。") % {"name": name})
    if own.count() >= MOST_VIEWS:
        raise Refusal(_("已保存 %(n)s 个视图，请先删除不用的。") % {"n": MOST_VIEWS})
    made = SavedView.objects.create(
        name=name, address=kept, page=page, shared=Shared(shared), code=secrets.token_urlsafe(12),
        person=actor.person, unit=actor.office.unit, saved_at=now,
    )  # fmt: skip
    audit.record(
        "search.view_saved", target=made, actor=actor, at=now, payload={"page": page, "shared": shared}
    )
    return made


@transaction.atomic
def drop_view(*, view: SavedView, actor: Acting, now: dt.datetime) -> SavedView:
    """Take a view of one's own away, for everybody it was shared with. A second time changes nothing."""
    view = SavedView.objects.select_for_update().get(pk=view.pk)
    if actor.person is None or view.person_id != actor.person.pk:
        raise Refusal(_("只能删除自己保存的视图。"))
    if view.dropped_at is None:
        view.dropped_at = now
        view.save(update_fields=["dropped_at"])
        audit.record("search.view_dropped", target=view, actor=actor, at=now)
    return view


@transaction.atomic
def add_synonyms(*, words: str, actor: Actor, now: dt.datetime) -> Synonym:
    """Add a group of words that mean the same; searching for one finds the others, from now on."""
    _refuse_unless_keeper(actor)
    group = list(dict.fromkeys(words.replace("、", " ").replace("，", " ").replace(",", " ").split()))
    if not 2 <= len(group) <= MOST_WORDS:
        raise Refusal(_("请填写 2 到 %(n)s 个词，用空格或顿号分开。") % {"n": MOST_WORDS})
    if bad := next((each for each in group if not compact(each) or len(each) > 30), ""):
        raise Refusal(_("“%(word)s”不是可以查找的词。") % {"word": bad})
    folded = {compact(each) for each in group}
    for other in Synonym.objects.filter(ended_at=None):
        if folded == {compact(each) for each in other.words.split()}:
            raise Refusal(_("这一组词已经有了。"))
    made = Synonym.objects.create(words=" ".join(group), added_by=_office(actor), added_at=now)
    audit.record("search.synonyms_added", target=made, actor=actor, at=now, payload={"words": group})
    return made


@transaction.atomic
def end_synonyms(*, synonym: Synonym, actor: Actor, now: dt.datetime) -> Synonym:
    """Stop using a group that was added. A second time changes nothing."""
    _refuse_unless_keeper(actor)
    synonym = Synonym.objects.select_for_update(of=("self",)).get(pk=synonym.pk)
    if synonym.ended_at is None:
        synonym.ended_at, synonym.ended_by = now, _office(actor)
        synonym.save(update_fields=["ended_at", "ended_by"])
        audit.record("search.synonyms_ended", target=synonym, actor=actor, at=now)
    return synonym


def _refuse_unless_keeper(actor: Actor) -> None:
    if not actor.may("search.words"):
        raise Refusal(_("同义词由统筹协调单位和系统管理员维护。"))


def _office(actor: Actor) -> Office | None:
    return actor.office if isinstance(actor, Acting) else None
