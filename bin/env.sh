# shellcheck shell=bash
# Sourced first by every script here, in the project's folder: puts its own tools first on PATH.

export LATCHKEY_TOOLS="${LATCHKEY_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/latchkey/tools}"
export PATH="$LATCHKEY_TOOLS/bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

has() { command -v "$1" >/dev/null 2>&1; }

say() { printf '%s\n' "$*" >&2; }

# The browser of the tests, or nothing.
find_chromium() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [[ -n "$name" ]] && has "$name"; then
      command -v "$name"
      return
    fi
  done
}

# The folder of the newest PostgreSQL's programs, or nothing. Debian keeps them off PATH.
find_postgres() {
  local folder
  for folder in "${POSTGRES_BIN:-}" $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$(dirname "$(command -v initdb || echo /)")"; do
    if [[ -x "$folder/initdb" && $("$folder/initdb" --version | grep -oE '[0-9]+' | head -n 1) -ge 15 ]]; then
      printf '%s\n' "$folder"
      return
    fi
  done
}

# What went wrong, then what to do about it.
stop() {
  say "latchkey: $1"
  shift
  for cure in "$@"; do say "  $cure"; done
  exit 1
}
