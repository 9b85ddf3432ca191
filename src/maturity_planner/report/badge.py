"""The score on a badge: SVG for a page, or the JSON that shields.io reads from an address."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import NamedTuple

from markupsafe import escape

from ..core.quantity import precise
from .content import Report
from .words import cut

MOST_LABEL = 28
"""Characters; a badge is small."""

MOST_MESSAGE = 36
"""With the band; a longer one is left out."""

GREEN, AMBER, RED, BLUE = "#1a7f37", "#8a5a00", "#b42318", "#0b5cad"
"""White text on each has a contrast of at least 4.5 (WCAG 2.2, 1.4.3)."""

GREY = "#444c56"
EM = 6.4
"""Pixels a character; `textLength` makes any font keep to it."""


class Badge(NamedTuple):
    """What a badge says, and its colour, which says it again."""

    label: str
    message: str
    colour: str


def badge_of(report: Report) -> Badge:
    """Return the badge: green at the target, amber from half of it on, blue without a target.

    Evidence that has lapsed does not make it green.
    """
    score, target = report.score.score, report.target
    message = precise(score)
    if target is not None and score < target:
        message += f" of {precise(target)}"
    if report.if_not_renewed.score < score:
        message += f", {precise(report.if_not_renewed.score)} if not renewed"
    named = f"{message}: {report.band}" if report.band else message
    return Badge(
        cut(report.rubric_title, MOST_LABEL),
        named if len(named) <= MOST_MESSAGE else message,
        _colour(report),
    )


def _colour(report: Report) -> str:
    score, target = report.if_not_renewed.score, report.target
    if target is None:
        return BLUE
    if score >= target:
        return GREEN
    return AMBER if score >= Fraction(target, 2) else RED


def badge_svg(report: Report) -> str:
    """Return the badge as an SVG file of one line's height; it needs nothing else."""
    badge = badge_of(report)
    label, message = escape(badge.label), escape(badge.message)
    left, right = _width(badge.label), _width(badge.message)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
        f'aria-label="{label}: {message}">\n'
        f"<title>{label}: {message}</title>\n"
        f'<rect width="{left}" height="20" fill="{GREY}"/>\n'
        f'<rect x="{left}" width="{right}" height="20" fill="{badge.colour}"/>\n'
        '<g fill="#ffffff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">\n'
        f'<text x="6" y="14" textLength="{left - 12}">{label}</text>\n'
        f'<text x="{left + 6}" y="14" textLength="{right - 12}">{message}</text>\n'
        "</g>\n"
        "</svg>\n"
    )


def _width(text: str) -> int:
    return round(len(text) * EM) + 12


def badge_endpoint(report: Report) -> str:
    """Return the badge as JSON (shields.io, "Endpoint Badge", schema version 1)."""
    badge = badge_of(report)
    data = {
        "schemaVersion": 1,
        "label": badge.label,
        "message": badge.message,
        "color": badge.colour,
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
