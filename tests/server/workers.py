"""The worker of the service, made quick to give up or slow to answer, so that tests need not wait or hurry."""

from __future__ import annotations

import time

from api import worker


class Impatient(worker.Worker):
    """Lets go of a silent connection soon."""

    def init_process(self) -> None:
        worker.HEAD_SECONDS = 0.5
        super().init_process()


class Sleepy(worker.Worker):
    """Takes a second and a half over `/livez?slowly`."""

    def load_wsgi(self) -> None:
        super().load_wsgi()
        application = self.wsgi

        def slowly(environ, start_response):
            if environ["QUERY_STRING"] == "slowly":
                time.sleep(1.5)
            return application(environ, start_response)

        self.wsgi = slowly
