"""The one library all component tags register in."""

from __future__ import annotations

from django.template import Library

register = Library()
