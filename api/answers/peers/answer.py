"""The answer to `/v1/regions/{code}/peers`."""

from __future__ import annotations

from typing import Any

from api import errors
from api.answers import absence, provenance
from api.answers.comparison.group import Figure, shown
from api.answers.comparison.rank_intervals import LEAST
from api.answers.peers.choice import RULE, Asking, Choice, Used, choose, usual_level, weights_of
from api.answers.peers.likeness import Likeness, Peer, liken
from api.answers.profile.answer import own_level_named
from api.answers.reading import Reading
from api.catalogue import Catalogue, Indicator, Region
from api.filters import PeerFilter
from api.rows import Answer

STANDARDISATION = (
    "(value - median) / (interquartile range / 1.349), both over all regions of the level with a value in the period, "
    "and not beyond 3 on either side; distance: square root of the weighted mean of the squared differences"
)
DIGITS = 4
_FEW, _MOST = 3, 0.5
"""Fewer indicators than that, or a greater effective share of one, and likeness is told with a warning."""


def list_peers(reading: Reading, asked: PeerFilter, region: Region) -> Answer:
    """The nearest neighbours of a region. Problems `unknown-id` and `invalid-parameter`; without any, the reason."""
    catalogue = reading.catalogue
    region = catalogue.place_of(region)
    level = own_level_named(catalogue, asked.level, region) or usual_level(catalogue, region)
    chosen = None
    if asked.indicators is not None:
        chosen = [catalogue.indicator(item, field="indicators") for item in asked.indicators]
    weights = _weights(catalogue, asked)
    day = catalogue.release.published_at[:10]
    if asked.period is not None:
        of = chosen or list(catalogue.indicators.values())
        day = catalogue.resolve_period(asked.period, of).end
    with reading.database.connect() as connection:
        asking = Asking(connection=connection, reading=reading, region=region, level=level, day=day)
        choice = choose(asking, chosen)
    used = [item.indicator for item in choice.used]
    _check(weights, chosen or used)
    weighed = weights_of(used, weights)
    why = _why_none(asking, choice, chosen)
    found = None if why else liken(asking, choice.used, weighed, count=asked.k)
    if found is not None and not found.peers:
        detail = f"No other region of the level {level} has a value of every one of these indicators."
        why = absence.because("no-match", detail, None)
    data = _data(asking, asked, choice, weighed, found)
    return Answer(data, meta={**provenance.meta(reading, _sources(asking, choice)), **why})


def _weights(catalogue: Catalogue, asked: PeerFilter) -> dict[str, float]:
    """The weights by indicator. Problem where one is weighed twice, or unknown."""
    found: dict[str, float] = {}
    for name, weight in asked.weights or ():
        slug = catalogue.indicator(name, field="weights").slug
        if slug in found:
            raise errors.invalid("weights", f"{slug} is weighed twice. Give it one weight.", code="repeated")
        found[slug] = weight
    return found


def _check(weights: dict[str, float], used: list[Indicator]) -> None:
    """Problem where an indicator is weighed that is not among those used, or where all of these weigh nothing."""
    slugs = tuple(item.slug for item in used)
    others = sorted(weights.keys() - set(slugs))
    if others:
        message = f"{others[0]} has a weight, but is not among the indicators. Name it in indicators, or weigh others."
        raise errors.invalid("weights", message, code="weight-of-none", allowed=slugs)
    if used and not sum(weights_of(used, weights)):
        message = "The weights are all zero, so that nothing tells one place from another. Give one of them more."
        raise errors.invalid("weights", message, code="zero-weights")


def _why_none(asking: Asking, choice: Choice, chosen: list[Indicator] | None) -> dict[str, Any]:
    """Why there can be no peers: the region lacks one of the indicators that were chosen, or all there are.

    Nearest is the same question with those of the chosen ones that can be used.
    """
    region = asking.region
    if chosen is not None and choice.unused:
        first = choice.unused[0]
        detail = f"{region.label} has no comparable value of {first.indicator.slug}. {first.detail}"
        others = ",".join(item.indicator.slug for item in choice.used)
        alone = len(asking.catalogue.regions_at(asking.level)) < LEAST
        again = f"/v1/regions/{region.code}/peers?indicators={others}" if others and not alone else None
        return absence.because(first.reason, detail, again)
    if not choice.used:
        detail = f"{region.label} has no indicator that covers enough of its level to tell likeness by."
        return absence.because("geography-not-covered", detail, None)
    return {}


def _data(
    asking: Asking, asked: PeerFilter, choice: Choice, weights: list[float], found: Likeness | None
) -> dict[str, Any]:
    region = asking.region
    missing, most = found.missing if found else [], asking.reading.settings.limits.max_named
    return {
        "region": {"code": region.code, "name": region.name, "label": region.label, "levels": list(region.levels)},
        "k": asked.k,
        "chosen_by": "caller" if asked.indicators is not None else "rule",
        "rule": RULE,
        "standardisation": STANDARDISATION,
        "warning": _warning(choice.used, found),
        "indicators": [
            _indicator(
                item, weights[place], weights[place] / (sum(weights) or 1.0), place=place, found=found, most=most
            )
            for place, item in enumerate(choice.used)
        ],
        "not_used": [
            {"indicator": item.indicator.slug, "reason": item.reason, "detail": item.detail} for item in choice.unused
        ],
        "group": {
            "level": asking.level,
            "day": asking.day,
            "n": found.candidates if found else 0,
            "missing": len(missing),
            "missing_regions": [
                {"region": item.code, "region_name": item.name, "indicators": slugs} for item, slugs in missing[:most]
            ],
        },
        "peers": [_peer(place, item, choice.used, found) for place, item in enumerate(found.peers)] if found else [],
    }


def _warning(used: list[Used], found: Likeness | None) -> str | None:
    """Why likeness is to be taken with care: it rests on few indicators."""
    if found is None or not used:
        return None
    if len(used) < _FEW:
        names = " and ".join(item.indicator.slug for item in used)
        return f"Likeness rests on {len(used)} {'indicator' if len(used) == 1 else 'indicators'} alone: {names}."
    first = int(found.shares.argmax())
    if found.shares[first] <= _MOST:
        return None
    share = f"{100 * found.shares[first]:.0f} %"
    return f"Likeness rests mostly on {used[first].indicator.slug}, which makes {share} of the distances on average."


def _why(peer: Peer, used: list[Used], found: Likeness) -> str:
    """In what a peer is like the region, and in what it is not."""
    gaps = abs(peer.scores - found.own)
    order = [used[column].indicator.title for column in gaps.argsort(kind="stable")]
    if len(order) < _FEW:
        return f"Compared in {' and '.join(order)}."
    return f"Nearest in {order[0]} and {order[1]}, furthest in {order[-1]}."


def _indicator(
    item: Used, weight: float, share: float, *, place: int, found: Likeness | None, most: int
) -> dict[str, Any]:
    group, scale = item.group, item.group.scale
    about = scale.described(item.indicator) if scale else {}
    more = about.get("decimals", item.indicator.decimals) + 1
    return {
        "indicator": item.indicator.slug,
        "title": item.indicator.title,
        "unit": about.get("unit", item.indicator.unit),
        "decimals": about.get("decimals", item.indicator.decimals),
        "formula": about.get("formula"),
        "period": group.period,
        "denominator_years": group.years,
        "weight": shown(weight, 6),
        "nominal_share": shown(share, DIGITS),
        "effective_share": shown(float(found.shares[place]), DIGITS) if found else None,
        "n": len(group.figures),
        "left_out": [absent.region.code for absent in group.left_out[:most]],
        "left_out_count": len(group.left_out),
        "mean": shown(float(found.means[place]), more) if found else None,
        "median": shown(float(found.medians[place]), more) if found else None,
        "deviation": shown(float(found.deviations[place]), more) if found else None,
        **_value(item, item.own),
        "z": shown(float(found.own[place]), DIGITS) if found else None,
    }


def _peer(place: int, peer: Peer, used: list[Used], found: Likeness) -> dict[str, Any]:
    return {
        "position": place + 1,
        "region": peer.region.code,
        "region_name": peer.region.name,
        "distance": shown(peer.distance, DIGITS),
        "why": _why(peer, used, found),
        "indicators": [
            {
                "indicator": item.indicator.slug,
                **_value(item, peer.figures[column]),
                "z": shown(float(peer.scores[column]), DIGITS),
                "difference": shown(float(peer.scores[column] - found.own[column]), DIGITS),
                "share": shown(float(peer.shares[column]), DIGITS),
            }
            for column, item in enumerate(used)
        ],
    }


def _value(item: Used, figure: Figure) -> dict[str, Any]:
    """A comparable value, and the code that it stands under."""
    decimals = item.group.scale.decimals if item.group.scale else item.indicator.decimals
    return {"value": shown(figure.value, decimals), "code": figure.code}


def _sources(asking: Asking, choice: Choice) -> list[str]:
    """The sources of all figures that likeness is told by, denominators among them."""
    catalogue = asking.catalogue
    files = {figure.source_file for item in choice.used for figure in (item.own, *item.group.figures.values())}
    found = {catalogue.source_files[number].source for number in files}
    scales = [item.group.scale for item in choice.used if item.group.scale]
    found.update(source for scale in scales if scale.denominator for source in scale.denominator.sources)
    return sorted(found)
