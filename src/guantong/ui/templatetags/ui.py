"""The component tags. Built in to every template; each tag's template says what it shows."""

from guantong.ui.tags import blocks, drawings, fields, lists, marks, papers
from guantong.ui.tags.registry import register

__all__ = ["blocks", "drawings", "fields", "lists", "marks", "papers", "register"]
