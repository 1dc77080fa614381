#!/usr/bin/env bash
# Starts dist/latchkey for the tests on the port given, as a stranger would run it: from an empty folder, with nothing of our environment.
# On E2E_DATABASE_URL, an empty database, or on a SQLite file of its own. On the port after it, an identity provider.
set -euo pipefail

port=$1
here=$(cd "$(dirname "$0")" && pwd)
binary=$(cd "$here/../dist" && pwd)/latchkey
folder=$(mktemp -d "${TMPDIR:-/tmp}/latchkey-end2end.XXXXXX")
# Where the specs find the outbox, and run the command line.
known=${TMPDIR:-/tmp}/latchkey-end2end-$port
ln -sfn "$folder" "$known"
trap 'kill "$provider" 2>/dev/null || true; rm -rf "$folder" "$known"' EXIT
trap 'kill "$server" 2>/dev/null || true; wait "$server" || true; exit' INT TERM

cd "$folder"
cat >.env <<END
DATABASE_URL='${E2E_DATABASE_URL:-sqlite://$folder/data/latchkey.db}'
AUTH_SECRET='$(head -c 32 /dev/urandom | base64)'
END
node "$here/provider.mjs" "$((port + 1))" &
provider=$!
env -i PATH="$PATH" HOME="$folder" \
  PUBLIC_URL="http://127.0.0.1:$port" LEPTOS_SITE_ADDR="127.0.0.1:$port" \
  OIDC_ISSUER="http://127.0.0.1:$((port + 1))" OIDC_CLIENT_ID=end2end OIDC_CLIENT_SECRET=end2end OIDC_NAME="Example ID" \
  RATE_LIMIT=off RUST_LOG=warn "$binary" &
server=$!
wait "$server"
