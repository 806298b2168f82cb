#!/bin/sh
# Holds openapi.json against Redocly's rules (redocly.yaml). The linter comes from npm, by the lock in lint/.
set -eu
cd "$(dirname "$0")"

if ! command -v npm >/dev/null; then
    echo "No npm: run this as \`make openapi-lint\`, which takes it from the virtual environment." >&2
    exit 1
fi
# npm leaves its own lock beside the packages: where that is missing or older than ours, there is something to install.
if [ ! -e lint/node_modules/.package-lock.json ] || [ lint/package-lock.json -nt lint/node_modules/.package-lock.json ]; then
    (cd lint && npm ci --loglevel=error --no-audit --no-fund --ignore-scripts >/dev/null)
fi
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_NOTIFICATIONS=true
exec lint/node_modules/.bin/redocly lint --config redocly.yaml openapi.json
