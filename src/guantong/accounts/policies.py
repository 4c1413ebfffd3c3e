"""Every URL says who may use it. No policy, no URL: start-up refuses, and the middleware denies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.core.checks import Error, register
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver

View = Callable[..., HttpResponseBase]
Decorated = TypeVar("Decorated", bound=View)

PUBLIC = "public"
SIGNED_IN = "signed_in"


def _declare(policy: str) -> Callable[[Decorated], Decorated]:
    def declare(view: Decorated) -> Decorated:
        view.policy = policy  # type: ignore[attr-defined]
        return view

    return declare


def public(view: Decorated) -> Decorated:
    """Anybody, without an account."""
    return _declare(PUBLIC)(view)


def signed_in(view: Decorated) -> Decorated:
    """Anybody with an account, whatever the office."""
    return _declare(SIGNED_IN)(view)


def may(function: str) -> Callable[[Decorated], Decorated]:
    """Whoever acts for an office that has the function."""
    return _declare(function)


def policy_of(view: Any) -> str | None:
    """The policy of a view, or None where nobody declared one."""
    return getattr(view, "policy", None)


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every (route, view) of the project."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback


@register("policies")
def every_url_has_a_policy(app_configs: object, **kwargs: object) -> list[Error]:
    return [
        Error(
            f"URL '{route}' declares no policy.",
            hint="Use @public, @signed_in or @may(…).",
            id="guantong.E001",
        )
        for route, view in patterns()
        if policy_of(view) is None
    ]


def allowed(request: HttpRequest, policy: str) -> bool:
    """Whether the request may use a view with this policy."""
    acting = request.acting  # type: ignore[attr-defined]
    if policy == PUBLIC:
        return True
    if policy == SIGNED_IN:
        return acting.person is not None
    return bool(acting.may(policy))
