"""A definition as the API writes it, every default filled in: sent with the same figures it has the same answer."""

from __future__ import annotations

from typing import Any

from api.analysis.definition import Definition, Means, Sensitivity, Uncertainty


def written(definition: Definition, weights: tuple[float, ...], title: str | None, regions: Any) -> dict[str, Any]:
    """The definition without its figures; `weights` are those of the tree's parts as they were given."""
    aggregates = definition.framework.aggregates
    return {
        "title": title,
        "regions": regions,
        "indicators": _indicators(definition, weights),
        "aggregates": [
            {"id": part.code, "parent": part.parent, "weight": weight}
            for part, weight in zip(aggregates, weights[-len(aggregates) :], strict=True)
        ],
        "imputation": definition.imputation.written(),
        "minimum_coverage": definition.minimum_coverage,
        "treatment": definition.treatment.written(),
        "normalisation": definition.normalisation.written(),
        "aggregation": means_written(definition.aggregation),
        "rank_decimals": definition.rank_decimals,
        "uncertainty": definition.uncertainty and _uncertainty(definition.uncertainty),
        "sensitivity": definition.sensitivity and _sensitivity(definition.sensitivity),
    }


def _indicators(definition: Definition, weights: tuple[float, ...]) -> list[dict[str, Any]]:
    return [
        {
            "id": part.code,
            "parent": part.parent,
            "weight": weight,
            "polarity": "higher-is-better" if part.direction > 0 else "lower-is-better",
            "period": item.period,
            "denominator": item.denominator,
            "scale": item.scale,
            "target": item.target,
            "lower": item.lower,
            "upper": item.upper,
            "base_mean": item.base_mean,
            "base_deviation": item.base_deviation,
            "logarithm": item.logarithm,
            "normalisation": item.normalisation and item.normalisation.written(),
        }
        for part, weight, item in zip(definition.framework.indicators, weights, definition.measures, strict=False)
    ]


def _uncertainty(drawn: Uncertainty) -> dict[str, Any]:
    return {
        "draws": drawn.draws,
        "seed": drawn.seed,
        "weights": list(drawn.band) if isinstance(drawn.band, tuple) else drawn.band,
        "weights_at": "top-level" if drawn.top_only else "all-levels",
        "treatment": [item.written() for item in drawn.treatments] or None,
        "normalisation": [item.written() for item in drawn.normalisations],
        "aggregation": [means_written(item) for item in drawn.aggregations],
        "leave_one_out": drawn.leave_one_out,
        "data_error": drawn.data_error,
        "goalposts": drawn.goalposts,
        "top": drawn.top,
        "extremes": drawn.extremes,
    }


def _sensitivity(effects: Sensitivity) -> dict[str, Any]:
    return {"samples": effects.samples, "seed": effects.seed}


def means_written(chosen: Means) -> Any:
    """One mean as an object, several as a list."""
    return chosen[0].written() if len(chosen) == 1 else [item.written() for item in chosen]
