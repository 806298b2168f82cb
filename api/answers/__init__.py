"""Answers: what a question comes to, from the catalogue, the queries and (later) the analysis. No SQL, no Flask."""
