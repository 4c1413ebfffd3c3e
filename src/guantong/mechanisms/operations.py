"""Freezing a package and opening a year on it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle, Phase, StoredPackage
from guantong.mechanisms.package import Package, read_package, read_package_file
from guantong.mechanisms.package import Phase as PackagePhase
from guantong.mechanisms.queries import package_file
from guantong.organisation.models import Unit


def read_valid_package(identifier: str) -> Package:
    """The package of that name, or of that file; refused with its findings when it has errors."""
    path = package_file(identifier)
    reading = read_package_file(path)
    errors = [finding for finding in reading.findings if finding.severity == "error"]
    if reading.package is None or errors:
        raise Refusal.of(f"{each.file}:{each.line}: {each.message} {each.suggestion}" for each in errors)
    return reading.package


def read_uploaded_package(content: bytes) -> Package:
    """The package in an uploaded file; refused with its findings when it has errors or is far too large."""
    if len(content) > 1_000_000:
        raise Refusal(_("机制包文件超过 1 MB，不像是机制包。"))
    reading = read_package(content, name=_("上传的文件"))
    errors = [finding for finding in reading.findings if finding.severity == "error"]
    if reading.package is None or errors:
        raise Refusal.of(f"{each.file}:{each.line}: {each.message} {each.suggestion}" for each in errors)
    return reading.package


@transaction.atomic
def freeze_package(*, package: Package, actor: Actor, now: dt.datetime) -> StoredPackage:
    """Keep the package under its digest. The same bytes are kept once; other bytes need a new version."""
    same = StoredPackage.objects.filter(digest=package.digest).first()
    if same:
        return same
    rival = StoredPackage.objects.filter(identifier=package.identifier, version=package.version).first()
    if rival and rival.cycles.exists():
        raise Refusal(
            _("机制包“%(id)s”第 %(version)s 版已冻结使用，内容有改动时请提高 version 并说明理由。")
            % {"id": package.identifier, "version": package.version}
        )
    stored = StoredPackage.objects.create(
        identifier=package.identifier,
        version=package.version,
        name_zh=package.name.zh,
        name_en=package.name.en,
        canonical=package.canonical_json(),
        digest=package.digest,
        stored_at=now,
    )
    audit.record(
        "mechanisms.package_frozen", target=stored, actor=actor, at=now, payload={"digest": package.digest}
    )
    return stored


@transaction.atomic
def start_cycle(*, package: Package, unit: Unit, year: int, actor: Actor, now: dt.datetime) -> Cycle:
    """Open the year with its phases on the frozen package."""
    if not 2000 <= year <= 2100:
        raise Refusal(_("年度 %(year)s 不在 2000—2100 之间。") % {"year": year})
    levels = {level.map for level in package.levels}
    if unit.level not in levels:
        raise Refusal(
            _("机制包“%(id)s”不在“%(unit)s”这一层级运行，可用层级：%(levels)s。")
            % {"id": package.identifier, "unit": unit.name, "levels": "、".join(sorted(levels))}
        )
    running = Cycle.objects.filter(stored__identifier=package.identifier, unit=unit, year=year).first()
    if running:
        raise Refusal(
            _("“%(unit)s” %(year)s 年度的该机制已经启动（周期编号 %(cycle)s）。")
            % {"unit": unit.name, "year": year, "cycle": running.pk}
        )
    stored = freeze_package(package=package, actor=actor, now=now)
    cycle = Cycle.objects.create(stored=stored, unit=unit, year=year, opened_at=now)
    Phase.objects.bulk_create(_phase(cycle, phase) for phase in package.phases)
    audit.record(
        "mechanisms.cycle_opened",
        target=cycle,
        actor=actor,
        at=now,
        payload={"unit": unit.code, "year": year, "digest": stored.digest},
    )
    return cycle


def _phase(cycle: Cycle, phase: PackagePhase) -> Phase:
    starts = _day(cycle.year, phase.starts)
    ends = _day(cycle.year, phase.ends)
    if ends < starts:  # a phase may cross the year end
        ends = _day(cycle.year + 1, phase.ends)
    return Phase(
        cycle=cycle,
        identifier=phase.id,
        name_zh=phase.name.zh,
        name_en=phase.name.en,
        starts_on=starts,
        ends_on=ends,
        gate=str(phase.exit or ""),
    )


def _day(year: int, month_day: str) -> dt.date:
    month, day = (int(part) for part in month_day.split("-"))
    return dt.date(year, month, day)
