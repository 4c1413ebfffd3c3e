"""A model field that is sealed with its subject's key (AES-256-GCM) and opens only when somebody looks."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models
from django.utils.translation import gettext as _

from guantong.privacy import keys

VERSION = "v1"
NEVER_SEARCHED = "a sealed field is written through save() or bulk_create(), and never searched"


def seal(text: str, subject: int) -> str:
    """``v1.<subject>.<nonce and ciphertext in base64>``; empty text stays empty."""
    if not text:
        return ""
    key = keys.key_of(subject)
    if key is None:
        raise LookupError(f"subject {subject} has no key")
    nonce = secrets.token_bytes(12)
    body = nonce + AESGCM(key).encrypt(nonce, text.encode(), str(subject).encode())
    return f"{VERSION}.{subject}.{base64.b64encode(body).decode()}"


class Sealed:
    """A sealed value. ``str()`` opens it; ``repr()`` never does, so that no log or traceback shows it."""

    __slots__ = ("token",)

    def __init__(self, token: str) -> None:
        self.token = token

    @property
    def subject(self) -> int:
        return int(self.token.split(".", 2)[1])

    def __str__(self) -> str:
        _version, subject, body = self.token.split(".", 2)
        key = keys.key_of(int(subject))
        if key is None:
            return _("（已删除）")
        raw = base64.b64decode(body)
        try:
            return AESGCM(key).decrypt(raw[:12], raw[12:], subject.encode()).decode()
        except InvalidTag:
            return _("（已损坏）")

    def __repr__(self) -> str:
        return "‹•••›"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, Sealed | str) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.token)

    def __bool__(self) -> bool:
        return bool(self.token)


class SealedText(models.TextField[Any, Any]):
    """Text about a person. ``subject`` names the foreign key to the :class:`Subject` it belongs to."""

    def __init__(self, *args: Any, subject: str = "subject", **kwargs: Any) -> None:
        self.subject = subject
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "subject": self.subject}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if isinstance(value, Sealed):
            return value.token
        sealed = seal(str(value or ""), getattr(model_instance, f"{self.subject}_id"))
        setattr(model_instance, self.attname, Sealed(sealed) if sealed else "")
        return sealed

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Sealed):
            return value.token
        if value and not str(value).startswith(VERSION + "."):
            raise TypeError(NEVER_SEARCHED)
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is a value; a pattern would be held against the ciphertext and never match."""
        if lookup_name not in {"exact", "in", "isnull"}:
            raise TypeError(NEVER_SEARCHED)
        return super().get_lookup(lookup_name)

    def to_python(self, value: Any) -> Any:
        return value

    def from_db_value(self, value: Any, expression: object, connection: object) -> Any:
        return Sealed(value) if value else value


def sealed_fields(model: type[models.Model]) -> list[SealedText]:
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedText)]
