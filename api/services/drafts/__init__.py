"""Drafts of partners: figures that are uploaded, checked, looked at, and then published in one transaction, or dropped.

`lifecycle` makes, finds and discards drafts; `uploads` notes the files of one; `parts` are the indicators and places
that come with it. `checking` reads and checks a file, in a process of its own, and writes its good rows down (`rows`).
`previews` makes a copy of the database in which the draft is published already: nothing of a draft stands in the
database that readers are answered from. `publishing` makes a release of it, unless others published the same figures
since (`conflicts`).
"""
