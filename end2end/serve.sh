#!/usr/bin/env bash
# Starts dist/latchkey for the tests on the port given, as a stranger would run it: from an empty folder, with nothing of our environment.
# On E2E_DATABASE_URL, an empty database, or on a SQLite file of its own.
set -euo pipefail

port=$1
binary=$(cd "$(dirname "$0")/../dist" && pwd)/latchkey
folder=$(mktemp -d "${TMPDIR:-/tmp}/latchkey-end2end.XXXXXX")
# Where the specs find the outbox, and run the command line.
known=${TMPDIR:-/tmp}/latchkey-end2end-$port
ln -sfn "$folder" "$known"
trap 'rm -rf "$folder" "$known"' EXIT
trap 'kill "$server" 2>/dev/null || true; wait "$server" || true; exit' INT TERM

cd "$folder"
cat >.env <<END
DATABASE_URL='${E2E_DATABASE_URL:-sqlite://$folder/data/latchkey.db}'
AUTH_SECRET='$(head -c 32 /dev/urandom | base64)'
END
env -i PATH="$PATH" HOME="$folder" \
  PUBLIC_URL="http://127.0.0.1:$port" LEPTOS_SITE_ADDR="127.0.0.1:$port" \
  RATE_LIMIT=off RUST_LOG=warn "$binary" &
server=$!
wait "$server"
