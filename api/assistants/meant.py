"""Which place and which indicator a text means. Where it may mean several the caller is asked: nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from api.assistants.service import RefusedError, Service

_CODE = re.compile(r"[EWSNKJM]\d{8}|(TL|UK)[A-Z0-9]{1,5}|UK", re.IGNORECASE | re.ASCII)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_NOT_FOUND = 404
_DOUBTFUL = ("misspelling", "words", "successor", "partial")
"""How a place may be found that is not called so."""
_CALLED = ("name", "other-name", "welsh-name")
_MOST = 8
"""Choices that are offered."""
Hit = Mapping[str, Any]


class UnclearError(Exception):
    """A text means several things, or nothing for certain: `question` asks which, among `choices`."""

    def __init__(self, question: str, choices: list[dict[str, Any]], then: str) -> None:
        super().__init__(question)
        self.answer = {"question": question, "choices": choices, "then": then}


def place(service: Service, text: str) -> Hit:
    """The region that a code or a name means. Raises `UnclearError` where that is not one, `RefusedError`."""
    asked = text.strip()
    if _CODE.fullmatch(asked):
        return _coded(service, asked.upper())
    hits: list[Hit] = service.ask("/v1/regions", q=asked, limit=20).data
    if not hits:
        raise RefusedError(
            _NOT_FOUND, f"No place here is called {asked!r}. Call find_place with another name, or with less of it."
        )
    called = [hit for hit in hits if _is_called(hit, asked)]
    if called and all(hit["match"]["kind"] not in _CALLED for hit in called):
        # An everyday name is often how the name of another place begins.
        called += [hit for hit in hits if hit not in called and _begins(hit, asked)]
    if not called:
        called = [hit for hit in hits if hit["match"]["kind"] == hits[0]["match"]["kind"]]
        if hits[0]["match"]["kind"] in _DOUBTFUL:
            raise _which_place(f"No place is called {asked!r} for certain. Which of these is meant?", called)
    if len(_areas(called)) > 1:
        raise _which_place(f"Several places are called {asked!r}. Which is meant?", called)
    return called[0]


def _coded(service: Service, code: str) -> Hit:
    """The region of a code. Raises `RefusedError`."""
    try:
        found: Hit = service.ask(f"/v1/regions/{code}").data
    except RefusedError as refused:
        if refused.status != _NOT_FOUND:
            raise
        raise RefusedError(_NOT_FOUND, f"{refused} Or call find_place with its name.") from None
    return found


def indicator(service: Service, text: str) -> Hit:
    """The indicator that an identifier or a name means. Raises `UnclearError` where that is not one, `RefusedError`."""
    asked = text.strip()
    if _SLUG.fullmatch(asked):
        try:
            found: Hit = service.ask(f"/v1/indicators/{asked}").data
        except RefusedError as refused:
            if refused.status != _NOT_FOUND:
                raise
        else:
            return found
    hits: list[Hit] = service.ask("/v1/indicators", q=asked.replace("-", " "), limit=20).data
    if not hits:
        message = (
            f"Nothing here is called {asked!r}. Call find_indicator with another word, such as broadband or skills."
        )
        raise RefusedError(_NOT_FOUND, message)
    titled = [hit for hit in hits if _words(hit["title"]) == _words(asked)]
    near = titled or [hit for hit in hits if hit["match"]["kind"] in {"id", "title"}]
    if len(near) == 1 and _says(near[0], asked):
        return near[0]
    choices = [{"indicator": hit["id"], "title": hit["title"], "unit": hit["unit"]} for hit in (near or hits)[:_MOST]]
    question = f"{asked!r} may mean several indicators. Which is meant?"
    raise UnclearError(question, choices, "Call the tool again with the identifier as indicator, or ask the user.")


def _says(hit: Hit, asked: str) -> bool:
    """Whether an indicator says all of a text: output of one industry per head is not output per head."""
    return set(_words(asked)) <= set(_words(hit["title"])) or _words(hit["id"])[: len(_words(asked))] == _words(asked)


def _which_place(question: str, hits: Sequence[Hit]) -> UnclearError:
    choices = [
        {
            "place": hit["code"],
            "label": hit["label"],
            **({"same_area_as": hit["same_area"]} if hit["same_area"] else {}),
            **({"why": hit["match"]["detail"]} if hit["match"]["kind"] in _DOUBTFUL else {}),
        }
        for hit in hits[:_MOST]
    ]
    return UnclearError(question, choices, "Call the tool again with the code as place, or ask the user.")


def _areas(hits: Sequence[Hit]) -> list[Hit]:
    """The first hit of each area: a district and the ITL 3 area that it is are one."""
    areas: list[Hit] = []
    for hit in hits:
        if not any(hit["code"] in other["same_area"] for other in areas):
            areas.append(hit)
    return areas


def _is_called(hit: Hit, asked: str) -> bool:
    """Whether a text is the name of a place, with no more beside it than its level says."""
    name, known = _words(hit["match"]["text"]), _words(f"{hit['label']} {hit['match']['text']}")
    bare = _words(re.sub(r"\(.*\)", "", hit["match"]["text"]))
    doubtful = hit["match"]["kind"] in _DOUBTFUL
    return not doubtful and set(_words(asked)) <= set(known) and set(bare or name) <= set(_words(asked))


def _begins(hit: Hit, asked: str) -> bool:
    words = _words(asked)
    return hit["match"]["kind"] in _CALLED and _words(hit["match"]["text"])[: len(words)] == words


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
