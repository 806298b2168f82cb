"""What is done in the background, beside the server: uploads are checked, drafts published that are long or wait.

`python -m api.work` is that process (`service`); a web worker begins one where none runs and partners have sent
something (`beside`). It checks each file in a process of its own (`checking`), whose memory and time are bounded, so
that no file can do more harm than end that. `python -m api.work.delivering` is another process, which tells receivers
of releases. What is to be done stands in the database, so that nothing is lost with a
process: the next one takes it up.
"""
