"""``guantong reindex``: build the index of the search anew."""

from __future__ import annotations

import argparse
from typing import Any

from django.utils.translation import gettext as _

from guantong.kernel import clock
from guantong.kernel.commands import Command, Report
from guantong.search.following import reindex
from guantong.search.sources import KINDS


def _reindex(arguments: argparse.Namespace, report: Report) -> dict[str, Any]:
    done = reindex(now=clock.now())
    for kind in KINDS:
        report.say(f"{kind.label}: {done.kinds[kind.name]}")
    report.say(_("查找索引已重建，共 %(n)s 条。") % {"n": done.indexed})
    return {"indexed": done.indexed, "kinds": done.kinds}


COMMANDS = [Command("reindex", "build the index of the search anew", _reindex)]
