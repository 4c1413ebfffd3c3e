"""Partners of paired contact, and the consent by which a person is one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from guantong.accounts.models import Office
from guantong.kernel.privacy import Privacy
from guantong.organisation.models import Unit
from guantong.partners.choices import PartnerKind
from guantong.privacy.fields import SealedText
from guantong.privacy.models import Subject


class Partner(models.Model):
    """An organisation, by its registered name; or a representative, by a sealed name and by consent alone.

    ``area`` is the unit in whose territory it is. There is no note about a person, and no field for one.
    """

    kind = models.CharField(max_length=20, choices=PartnerKind.choices)
    name = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="partners")
    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, null=True, related_name="partner")
    display_name = SealedText(_("姓名"), default="")
    contact = SealedText(_("联系方式"), default="")
    registered_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField()
    closed_on = models.DateField(null=True)

    privacy = Privacy(
        business="kind name name_en area registered_by registered_at closed_on",
        personal="display_name contact",
        pseudonym="subject",
        technical="id",
    )
    unlogged = frozenset({"display_name", "contact"})  # sealed, and blanked by an erasure

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=PartnerKind.REPRESENTATIVE, subject__isnull=False, name="")
                | (~Q(kind=PartnerKind.REPRESENTATIVE) & Q(subject__isnull=True) & ~Q(name="")),
                name="partner_is_organisation_or_consents",
            ),
            models.UniqueConstraint(
                fields=["area", "name"], condition=~Q(name=""), name="organisation_once_per_area"
            ),
        ]
        indexes = [models.Index(fields=["area", "kind"])]

    def __str__(self) -> str:
        if self.subject_id:
            return str(self.display_name) if self.display_name else gettext("（资料已删除的代表）")
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    def __repr__(self) -> str:
        return f"<Partner {self.pk}>"

    @property
    def is_person(self) -> bool:
        return self.kind == PartnerKind.REPRESENTATIVE

    @property
    def neutral_name(self) -> str:
        """What titles, lists and the log call it: an organisation by name, a person by number only."""
        return gettext("代表人士 %(n)s 号") % {"n": self.pk} if self.is_person else str(self)


class ConsentRequest(models.Model):
    """A link by which somebody may agree to be a representative. It knows nothing about them until they do.

    ``code_digest`` is the SHA-256 of the code in the link; ``retention_days`` how long consent lasts, as the notice
    under the link says; ``partner`` is who agreed by it, ``answered_at`` when they agreed or declined,
    ``withdrawn_at`` when they took their consent back or it ran out.
    """

    area = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    code_digest = models.CharField(max_length=64, unique=True)
    asked_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    open_until = models.DateField()
    retention_days = models.PositiveSmallIntegerField()
    partner = models.OneToOneField(Partner, on_delete=models.PROTECT, null=True, related_name="consent")
    answered_at = models.DateTimeField(null=True)
    agreed_until = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="area asked_by asked_at open_until retention_days partner answered_at agreed_until withdrawn_at",
        credential="code_digest",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(partner__isnull=True) | Q(answered_at__isnull=False, agreed_until__isnull=False),
                name="consent_says_since_when_and_until_when",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("answered_at")),
                name="consent_withdrawn_after_given",
            ),
        ]


class Recusal(models.Model):
    """An office stands aside from a partner: it is never paired with it. No reason is asked, so none is kept."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="recusals")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="recusals")
    declared_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    privacy = Privacy(business="partner office declared_at lifted_at", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "office"],
                condition=Q(lifted_at__isnull=True),
                name="office_recused_from_a_partner_once",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("declared_at")),
                name="recusal_lifted_after_declared",
            ),
        ]
