#!/bin/sh
# Fetches the accessibility checker that the browser tests run, by its version, and refuses any other bytes. It is kept
# beside this script with its licence (MPL 2.0): the tests themselves fetch nothing.
set -eu
cd "$(dirname "$0")"
VERSION=4.14.1
PACKED=sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm pack --silent --pack-destination "$folder" "axe-core@$VERSION" >/dev/null
found="sha512-$(openssl dgst -sha512 -binary "$folder/axe-core-$VERSION.tgz" | base64 -w 0)"
if [ "$found" != "$PACKED" ]; then
    echo "axe-core $VERSION is $found, and not the package that this script names." >&2
    exit 1
fi
tar -x -z -f "$folder/axe-core-$VERSION.tgz" -C "$folder"
cp "$folder/package/axe.min.js" "$folder/package/LICENSE" .
