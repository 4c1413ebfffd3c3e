"""A small cast with places and offices: a city, two banners, townships, villages, member units."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import Client, TransactionTestCase
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

from guantong.accounts.acting import Acting, Console
from guantong.accounts.choices import Role
from guantong.accounts.models import Holding, Office, Person
from guantong.accounts.operations import hold_office, open_office
from guantong.audit import triggers
from guantong.audit.standing import look_again
from guantong.calendars import queries as calendars
from guantong.duties.models import DutyList, Signature
from guantong.duties.operations import issue_duty_lists, open_cycle, sign_duty_list
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.operations import read_valid_package
from guantong.organisation.models import Unit
from guantong.organisation.operations import open_unit
from guantong.privacy.keys import forget
from migrated import remembered
from worlds import Worlds

YEAR = 2026


def at(month: int, day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(YEAR, month, day, hour, tzinfo=timezone.get_default_timezone())


START = at(1, 5)
CONSOLE = Console("test")


DATABASES = ["default", "keys"]


# Folders whose tests run programs on a database of their own, without a fixture that would say so.
ON_BOTH = (
    "race",
    "parallel",
    "migrat",
    "lock",
    "tests/audit/",
    "tests/search/",
    "tests/obligations/",
    "tests/organisation/",
)
OF_PAGES = (
    "page",
    "browser",
    "tests/web/",
    "tests/config/",
    "tests/api/",
    "tests/documents/",
    "tests/importing/",
    "display",
)
OWN_DATABASES = {"config", "privacy"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that use the database use the one of person keys too; those that use none run on SQLite's turn only."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker:
            marker.kwargs.setdefault("databases", DATABASES)
        elif {"db", "transactional_db"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.django_db(databases=DATABASES))
    items.sort(key=_place)
    if "postgresql" in django_settings.DATABASES["default"]["ENGINE"]:
        without = [item for item in items if _needs_no_database(item)]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in set(without)]
    if os.environ.get("GUANTONG_TESTS") == "once":
        elsewhere = {item for item in items if not _is_asked_here(item)}
        config.hook.pytest_deselected(items=list(elsewhere))
        items[:] = [item for item in items if item not in elsewhere]


def _is_asked_here(item: pytest.Item) -> bool:
    """Every day each test runs once: pages on SQLite, operations on PostgreSQL; what hangs on the database on both."""
    place = item.nodeid.lower()
    if any(word in place for word in ON_BOTH):
        return True
    is_page = _needs_no_database(item) or any(word in place for word in OF_PAGES)
    return is_page != ("postgresql" in django_settings.DATABASES["default"]["ENGINE"])


def _place(item: pytest.Item) -> tuple[bool, int]:
    """Tests in the same world follow each other; those with real transactions come last."""
    names = set(getattr(item, "fixturenames", ()))
    marker = item.get_closest_marker("django_db")
    real = bool(names & {"transactional_db", "live_server"}) or bool(
        marker and marker.kwargs.get("transaction")
    )
    return real, WORLDS.rank(world_of(item))


def _needs_no_database(item: pytest.Item) -> bool:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    return item.get_closest_marker("django_db") is None and folder not in OWN_DATABASES


@pytest.fixture(autouse=True, scope="session")
def log_can_be_emptied_between_tests() -> Iterator[None]:
    """Emptying the tables after a test with real transactions is the one rewriting of the log that is meant."""
    tear_down = TransactionTestCase._fixture_teardown

    def without_triggers(self: TransactionTestCase) -> None:
        triggers.take_down(connection)
        tear_down(self)
        triggers.set_up(connection)

    TransactionTestCase._fixture_teardown = without_triggers  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = tear_down  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def nothing_entered_in_the_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test entered is not remembered in the next, and no test pays for looking whether there is anything."""
    kept = calendars._Kept()
    kept.read_at = float("inf")
    monkeypatch.setattr(calendars, "_kept", kept)


@pytest.fixture(autouse=True)
def plain_storage(request: pytest.FixtureRequest, settings: LazySettings, tmp_path: Path) -> None:
    """Pages in tests need no collected static files; evidence goes to a folder of the test."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.FILES = tmp_path / "files"
    settings.LOG_FOLDER = tmp_path / "log"
    settings.KEYS_FOLDER = tmp_path / "keys"
    if world_of(request.node):
        WORLDS.lend_keys(tmp_path)
    settings.SECOND_FACTOR = "nobody"  # tests of it ask for one
    look_again()
    forget()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


UNITS = (
    # code, name, kind, level, parent
    ("15", "内蒙古自治区", "territory", "province", None),
    ("1506", "鄂尔多斯市", "territory", "city", "15"),
    ("150602", "东胜区", "territory", "county", "1506"),
    ("150622", "准格尔旗", "territory", "county", "1506"),
    ("150602001", "交通街道", "territory", "township", "150602"),
    ("150622100", "薛家湾镇", "territory", "township", "150622"),
    ("150602001001", "联丰社区", "territory", "village", "150602001"),
    ("150602001002", "民族社区", "territory", "village", "150602001"),
    ("150622100200", "沙圪堵村", "territory", "village", "150622100"),
    ("1506-LG", "市委工作领导小组", "leading_group", "city", "1506"),
    ("1506-LGO", "领导小组办公室", "group_office", "city", "1506"),
    ("1506-MU-01", "市发展和改革委员会", "member_unit", "city", "1506"),
    ("1506-MU-02", "市教育体育局", "member_unit", "city", "1506"),
    ("150602001-H1", "交通街道同心之家", "home", "township", "150602001"),
)


def build_units() -> None:
    made: dict[str, Unit] = {}
    for code, name, kind, level, parent in UNITS:
        made[code] = open_unit(
            code=code,
            name=name,
            kind=kind,
            level=level,
            parent=made[parent] if parent else None,
            on=dt.date(YEAR - 1, 1, 1),
            actor=CONSOLE,
            now=START,
        )


@pytest.fixture
def units(db: None) -> dict[str, Unit]:
    """The units by code."""
    if not Unit.objects.exists():
        build_units()
    return {unit.code: unit for unit in Unit.objects.order_by("path")}


@dataclass
class City:
    """An opened year on the small city, and whoever may act in it."""

    cycle: Cycle
    units: dict[str, Unit]

    def office(self, code: str, seat: str, number: int = 1) -> Office:
        return Office.objects.select_related("unit", "scope").get(unit__code=code, seat=seat, number=number)

    def acting(self, code: str, seat: str, number: int = 1) -> Acting:
        office = self.office(code, seat, number)
        name = f"{code}-{seat}-{number}"
        person = Person.objects.by_sign_in(name) or Person.objects.create_person(
            sign_in=name, password=None, display_name=office.title
        )
        if not Holding.objects.filter(person=person, office=office).exists():
            since = dt.date(YEAR - 1, 7, 1)
            hold_office(person=person, office=office, starts_on=since, actor=CONSOLE, now=START)
        return Acting(person, office)

    @property
    def coordinator(self) -> Acting:
        return self.acting("1506-LGO", "coordinator")

    @property
    def head(self) -> Acting:
        return self.acting("1506-MU-01", "unit_head")

    def list_of(self, code: str) -> DutyList:
        return DutyList.objects.select_related("unit", "cycle").get(cycle=self.cycle, unit__code=code)


def build_city() -> None:
    units = {unit.code: unit for unit in Unit.objects.order_by("path")}
    open_cycle(
        package=read_valid_package("three-threes"),
        unit=units["1506"],
        year=YEAR,
        actor=CONSOLE,
        now=START,
    )
    for role in (Role.COORDINATOR, Role.ASSESSOR, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN):
        open_office(
            unit=units["1506-LGO"],
            seat=role.value,
            title=f"领导小组办公室{role.label}",
            role=role,
            scope=units["1506"],
            actor=CONSOLE,
            now=START,
        )


@pytest.fixture
def city(units: dict[str, Unit]) -> City:
    """The year opened, lists out for comment, nothing signed."""
    if not Cycle.objects.exists():
        build_city()
    return City(cycle=Cycle.objects.get(), units=units)


def build_signatures() -> None:
    cycle = Cycle.objects.get()
    issue_duty_lists(cycle=cycle, actor=CONSOLE, now=at(1, 15))
    for duty_list in DutyList.objects.filter(cycle=cycle):
        sign_duty_list(duty_list=duty_list, actor=CONSOLE, now=at(2, 2))


@pytest.fixture
def signed(city: City) -> City:
    """The lists issued on 15 January and signed on 2 February."""
    if not Signature.objects.exists():
        build_signatures()
    return city


WORLDS = Worlds({"units": build_units, "city": build_city, "signed": build_signatures})


def world_of(item: pytest.Item) -> str | None:
    """The furthest world that a test asks for; none for one with real transactions."""
    names = set(getattr(item, "fixturenames", ()))
    marker = item.get_closest_marker("django_db")
    if names & {"transactional_db", "live_server"} or (marker and marker.kwargs.get("transaction")):
        return None
    return next((each for each in reversed(WORLDS.order) if each in names), None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave what the next test does not ask for, before a browser starts: its loop has database connections of its own."""
    with item.config.stash[blocking_manager_key].unblock():
        WORLDS.leave(world_of(item))


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest) -> None:
    """Before a test's own transaction begins, be in the world it asks for."""
    if fixturedef.argname != "_django_db_helper":
        return
    with request.getfixturevalue("django_db_blocker").unblock():
        WORLDS.be_in(world_of(request.node))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings: None
) -> Iterator[None]:
    """Runs before the databases are made."""
    with remembered(request.config.cache.mkdir("migrated")):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        WORLDS.be_in(None)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside to the main database is taken back at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


SignIn = Callable[[Acting], Client]


@pytest.fixture
def as_(db: None) -> SignIn:
    """A browser signed in for an office."""

    def sign_in(acting: Acting) -> Client:
        assert acting.person is not None
        client = Client()
        client.force_login(acting.person)
        return client

    return sign_in


CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole process: playwright keeps a loop of its own."""
    path = os.environ.get("GUANTONG_TEST_CHROMIUM", "/usr/bin/chromium")
    if not Path(path).exists():
        pytest.skip(f"no browser at {path}")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
