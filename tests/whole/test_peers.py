"""Likeness of all districts: no indicator counts for next to nothing."""

from __future__ import annotations


def test_every_indicator_has_at_least_a_third_of_its_share(whole):
    districts = whole.get("/v1/regions?level=local-authority&limit=1000").json["data"]
    shares: dict[str, list[float]] = {}
    for item in districts:
        answer = whole.get(f"/v1/regions/{item['code']}/peers?k=1").json["data"]
        for used in answer["indicators"]:
            if answer["peers"]:
                shares.setdefault(used["indicator"], []).append(used["effective_share"] / used["nominal_share"])
    assert len(shares) > 10
    means = {slug: sum(found) / len(found) for slug, found in shares.items()}
    assert min(means.values()) > 1 / 3, sorted(means.items(), key=lambda item: item[1])[:3]
