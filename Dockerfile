# The service in a container: not root, on a root file system that may be read-only; what it writes is in /data.
#   docker build -t digital-capital .
#   docker run --read-only -p 8000:8000 -v digital-capital:/data digital-capital

FROM python:3.12-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends make
WORKDIR /app
ENV DATABASE_URL=sqlite:////data/digital-capital.sqlite3
COPY Makefile pyproject.toml requirements.txt ./
RUN make install
COPY wsgi.py ./
COPY api ./api
COPY migrations ./migrations
COPY openapi/openapi.json ./openapi/
COPY guide ./guide
COPY seed ./seed
RUN make seed

FROM python:3.12-slim
WORKDIR /app
ENV HOST=0.0.0.0 PORT=8000 DATABASE_URL=sqlite:////data/digital-capital.sqlite3 DOWNLOADS_PATH=/data/downloads \
    DRAFTS_PATH=/data/drafts
# Where callers reach it: it stands in citations, so name the real address when running it.
ENV PUBLIC_URL=http://127.0.0.1:8000
COPY --from=build /app /app
# With the figures loaded, and the owner that a new volume takes over.
COPY --from=build --chown=10001:10001 /data /data
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD [".venv/bin/python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/readyz', timeout=4)"]
# What `make serve` does, without make: a volume may be empty, or older than this image; gunicorn hears the signals.
CMD ["sh", "-c", ".venv/bin/flask --app wsgi data prepare && exec .venv/bin/gunicorn -c python:api.gunicorn_conf wsgi:app"]
