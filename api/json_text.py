"""JSON as callers write it, read strictly: no key twice, no NaN, no half characters."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read(text: str) -> Any:
    """What a text says. Raises ValueError with a sentence that says what is wrong."""
    try:
        found = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
        if _SURROGATE.search(text):
            # Half a character can be written as JSON, and is none.
            json.dumps(found, ensure_ascii=False).encode()
    except UnicodeError:
        raise ValueError("holds half of a character. Encode it as UTF-8.") from None
    except RecursionError:
        raise ValueError("is nested too deeply. A definition is flat: parts name their parent.") from None
    except ValueError as error:
        raise ValueError(f"is not JSON: {str(error)[:200].rstrip('.')}.") from None
    return found


def canonical(value: Any) -> str:
    """JSON with the keys in order and nothing between: what is alike is written alike."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        # `add` gives None, so that a name passes the first time. Counting each would take a body's size squared.
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice[:80]!r} stands twice in one object")
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON. Write null where there is no value")
