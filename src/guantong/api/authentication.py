"""From ``Authorization: Bearer …`` to who acts. Sessions are not looked at here."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _

from guantong.accounts.middleware import Request
from guantong.api.acting import TokenActing, acting_by
from guantong.api.contract.problems import ProblemError
from guantong.api.models import Token
from guantong.api.operations.tokens import digest_of


def token_of(request: Request) -> Token:
    """The token in force that came with the request. Raises a problem that does not tell what was wrong with it."""
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    found = None
    if scheme.lower() == "bearer" and 0 < len(secret) <= 100:
        found = (
            Token.objects.select_related("person")
            .filter(digest=digest_of(secret.strip()), revoked_at=None, expires_on__gte=request.today)
            .first()
        )
    if found is None or not found.person.is_active:
        raise ProblemError("token", _("请在 Authorization 请求头里写明有效的令牌。网页登录在这里不起作用。"))
    return found


def refuse_too_many(token: Token, request: Request) -> None:
    """Count this request in its minute, and the day of it. Raises a problem beyond the installation's limit."""
    minute = int(request.now.timestamp() // 60)
    most = settings.API_PER_MINUTE
    if most and token.minute == minute and token.in_minute >= most:
        raise ProblemError("too-many", _("这个令牌每分钟最多 %(n)s 次请求，请稍后再试。") % {"n": most})
    same = When(minute=minute, then=F("in_minute") + 1)
    Token.objects.filter(pk=token.pk).update(
        in_minute=Case(same, default=Value(1)), minute=minute, last_used_on=request.today
    )


def acting_for(token: Token, request: Request) -> TokenActing:
    """Raises a problem where the person does not hold the office today."""
    acting = acting_by(token, on=request.today)
    if acting is None:
        raise ProblemError("not-allowed", _("您今天没有担任这个职务，令牌不能使用。"))
    return acting
