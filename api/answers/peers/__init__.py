"""Peers: the places most alike, by standardised rates; for an answer of their own and as a benchmark of others."""

from api.answers.peers.answer import list_peers
from api.answers.peers.benchmark import nearest, peer_median

__all__ = ["list_peers", "nearest", "peer_median"]
