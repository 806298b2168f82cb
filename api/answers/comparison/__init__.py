"""What makes places comparable: rates in place of amounts, groups that are partitions, defined benchmarks.

The rules are stated once, here; comparisons, rankings, profiles, peers and indices are made from them.
"""
