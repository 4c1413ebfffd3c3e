"""Declares the acts on a cycle that take two persons."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MechanismsConfig(AppConfig):
    name = "guantong.mechanisms"

    def ready(self) -> None:
        from django.urls import reverse

        from guantong.accounts.approvals import Kind, register
        from guantong.accounts.models import Approval
        from guantong.mechanisms.changes import CHANGE_PACKAGE, REOPEN, change_package, reopen
        from guantong.mechanisms.models import Cycle, Phase, StoredPackage

        def phase(approval: Approval) -> str:
            found = Phase.objects.select_related("cycle__stored", "cycle__unit").get(pk=approval.object_ref)
            return f"{found.cycle} · {found}"

        def package(approval: Approval) -> str:
            cycle = Cycle.objects.select_related("stored", "unit").get(pk=approval.object_ref)
            return f"{cycle} → {StoredPackage.objects.get(pk=approval.wanted['package'])}"

        def cycles(approval: Approval) -> str:
            return reverse("cycles")

        register(Kind(REOPEN, _("重新打开阶段"), "cycles.run", reopen, phase, cycles))
        register(Kind(CHANGE_PACKAGE, _("变更已冻结的机制包"), "cycles.run", change_package, package, cycles))
