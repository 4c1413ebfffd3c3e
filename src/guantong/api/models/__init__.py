"""Tokens, and the addresses that are told of changes."""

from guantong.api.models.tokens import Token
from guantong.api.models.webhooks import Event, Mark, Send, Webhook

__all__ = ["Event", "Mark", "Send", "Token", "Webhook"]
