"""Tools for assistants (Model Context Protocol), on the public API's own answers: nothing is computed here.

`python -m api.assistants` serves them beside the service: the protocol is asynchronous, and WSGI is not. A tool reads
a question (`meant`), asks the API (`service`), takes what matters (`tools`), and keeps within 2,000 tokens or so
(`bounded`).
"""
