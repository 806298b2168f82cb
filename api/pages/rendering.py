"""How a page becomes a response: what it may load, how long it is fresh, and the tag that it goes by."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from api import build
from api.columns import STATUSES
from api.errors import Fault, Problem, nearest
from api.http import conditional
from api.http.addresses import with_query
from api.http.releases import Releases
from api.pages import words
from api.pages.asking import releases_read
from api.pages.charts import chart
from api.pages.sparkline import sparkline
from api.settings import VERSION, Settings

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
View = Callable[..., BaseResponse]

blp = Blueprint("pages", __name__, template_folder="templates")


def view(rule: str, *, takes: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Have a function answer for a page at `rule`, which takes the parameters named (`*`: any ending) and `release`.

    The page has a tag of the release, the build, its address and its query, so that it is made once and confirmed
    afterwards; none where its answers were of several releases, since another was published in between.
    """

    def decorator(function: View) -> View:
        @wraps(function)
        def answer(**path: str) -> BaseResponse:
            _refuse_unknown({*takes, "release"})
            releases: Releases = current_app.extensions["releases"]
            settings: Settings = current_app.extensions["settings"]
            release = releases.current().release
            conditional.note_release(release.id)
            tag = conditional.tag_of(
                release=release,
                settings=settings,
                question=sorted(request.args.items()),
                path=request.path,
                media_type="text/html",
            )
            known = conditional.matches(tag, request.headers.get("If-None-Match", ""))
            response = Response(status=304) if known else function(**path)
            if response.status_code not in {200, 304}:
                return response
            if not known and "release" not in request.args and releases_read() - {release.id}:
                conditional.note_uncacheable()
            response.headers.extend(
                conditional.headers(tag=tag, pinned=False, published_at=release.published_at, settings=settings)
            )
            return response

        blp.add_url_rule(rule, function.__name__, answer, strict_slashes=False)
        return function

    return decorator


def page(template: str, **values: object) -> Response:
    """A page as a response: nothing but what the policy allows is loaded. `view` says how long it is fresh."""
    response = current_app.make_response(render_template(template, **values))
    response.headers["Content-Security-Policy"] = POLICY
    return response


def fixed(template: str, *, policy: str = POLICY, seconds: int = 300, **values: object) -> Response:
    """A page of the build rather than of a release, fresh for `seconds`."""
    response = page(template, **values)
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response


def to(path: str, **asked: object) -> str:
    """The address of a page, at the release that the present page is asked for."""
    given = {name: str(value) for name, value in asked.items() if value is not None}
    pinned = request.args.get("release")
    return with_query(path, given | ({"release": pinned} if pinned else {}))


@blp.app_context_processor
def _known() -> dict[str, object]:
    settings: Settings = current_app.extensions["settings"]
    return {
        "version": VERSION,
        "build": build.fingerprint(),
        "public_url": settings.public_url,
        "to": to,
        "chart": chart,
        "sparkline": sparkline,
        "statuses": STATUSES,
        **words.HELPERS,
    }


def _refuse_unknown(known: set[str]) -> None:
    """Problem `invalid-parameter` for parameters that the page has not, or that are given twice."""
    faults = []
    beginnings = tuple(name.removesuffix("*") for name in known if name.endswith("*"))
    for name, values in request.args.lists():
        if name not in known and not (beginnings and name.startswith(beginnings)):
            meant = nearest(name, known)
            message = f"There is no parameter {name[:40]!r} here." + (f" Did you mean {meant[0]!r}?" if meant else "")
            faults.append(Fault("unknown-parameter", f"query/{name[:80]}", message, meant or tuple(sorted(known))))
        elif len(values) > 1:
            message = f"{name} is given {len(values)} times; once is possible here."
            faults.append(Fault("repeated-parameter", f"query/{name}", message))
    if faults:
        raise Problem("invalid-parameter", " ".join(fault.message for fault in faults[:3]), faults=tuple(faults))


blp.add_app_template_filter(words.code, "code")
blp.add_app_template_filter(words.period, "period")
blp.add_app_template_filter(zip, "zip")
