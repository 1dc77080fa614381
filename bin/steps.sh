# shellcheck shell=bash
# What bin/check and bin/test are made of: `step NAME command…` adds a step, `run_steps` runs them and stops at the first red.
# The closing line counts each test as its runner's own summary does, and every other step as one.

names=() commands=() seconds=() notes=()

step() {
  names+=("$1")
  shift
  commands+=("${*@Q}")
}

# What is left out, and why: said at the end, where it is seen.
note() { notes+=("$1"); }

steps_of_check() {
  if has typos; then step "Spelling" typos; else note "Spelling is not checked: typos is not installed (cargo install typos-cli)."; fi
  step "Format" cargo fmt --all --check
  step "Lints, server" cargo clippy --locked --all-targets --features ssr -- -D warnings
  step "Lints, browser" cargo clippy --locked --lib --target wasm32-unknown-unknown --features hydrate -- -D warnings
  step "Tests on SQLite" env -u TEST_DATABASE_URL -u NEXTEST_PROFILE cargo nextest run --locked --features ssr --no-fail-fast
}

run_steps() {
  local i status=0 begin passed=0 failed=0
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  if [[ -t 1 ]]; then export CARGO_TERM_COLOR=always FORCE_COLOR=1; fi

  for i in "${!names[@]}"; do
    printf '\n[%d/%d] %s\n' $((i + 1)) ${#names[@]} "${names[i]}"
    begin=$SECONDS
    eval "${commands[i]}" 2>&1 | tee "$log" || status=$?
    seconds+=($((SECONDS - begin)))
    count_log "$status"
    [[ $status -eq 0 ]] || break
  done

  printf '\n'
  for i in "${!seconds[@]}"; do printf '%5d s  %s\n' "${seconds[i]}" "${names[i]}"; done
  for i in "${!notes[@]}"; do printf '         %s\n' "${notes[i]}"; done
  [[ $status -eq 0 ]] || printf '\nStopped at: %s\n' "${names[${#seconds[@]} - 1]}"
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  return "$status"
}

# Adds one step's log to passed and failed.
count_log() {
  local good bad
  good=$(sum_of 'passed')
  bad=$(sum_of 'failed|exec failed|timed out|did not run|interrupted')
  if [[ $1 -eq 0 && $good -eq 0 ]]; then good=1; fi
  if [[ $1 -ne 0 && $bad -eq 0 ]]; then bad=1; fi
  passed=$((passed + good)) failed=$((failed + bad))
}

# In the closing lines of nextest, Playwright and rustdoc.
sum_of() {
  sed 's/\x1b\[[0-9;]*[A-Za-z]//g' "$log" | { grep -E '^ *Summary \[|^ +[0-9]+ [a-z ]+( \(.*\))?$|^test result: ' || true; } |
    { grep -oE "\b[0-9]+ ($1)\b" || true; } | awk '{ sum += $1 } END { print sum + 0 }'
}
