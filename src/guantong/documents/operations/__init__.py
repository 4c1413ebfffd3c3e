"""Issuing documents, keeping templates, making PDF."""

from guantong.documents.operations.issuing import content_for, issue_document
from guantong.documents.operations.pdfs import ask_pdf, make_pdf
from guantong.documents.operations.templates import choose_template, upload_template

__all__ = ["ask_pdf", "choose_template", "content_for", "issue_document", "make_pdf", "upload_template"]
