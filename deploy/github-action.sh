#!/usr/bin/env bash
# The last step of action.yml: makes a command line of the inputs, which come in
# as variables IN_*, and ends with the exit code of esconform.
set -euo pipefail

args=(run)
for name in url es-version image emulate profile tags waivers out; do
  variable=IN_$(tr a-z- A-Z_ <<<"$name") # macOS has bash 3
  value=${!variable:-}
  if [ -n "$value" ]; then
    args+=("--$name" "$value")
  fi
done
while IFS= read -r arg; do
  if [ -n "$arg" ]; then
    args+=("$arg")
  fi
done <<<"${IN_ARGS:-}"

code=0
"$ESCONFORM_BIN" "${args[@]}" || code=$?

case $code in
  0) verdict=conformant ;;
  1) verdict=nonconformant ;;
  3) verdict=inconclusive ;;
  *) verdict= ;; # 2: wrong usage; 4: see the waivers in the report
esac
{
  echo "verdict=$verdict"
  echo "exit-code=$code"
  echo "report=${IN_OUT:-esconform-report}"
} >>"$GITHUB_OUTPUT"
exit "$code"
