#!/usr/bin/env bash
# The first step of action.yml: downloads a release for the runner and checks its
# sum. RELEASES may name a mirror.
set -euo pipefail

fail() {
  echo "esconform: $*" >&2
  exit 2
}

version=${IN_VERSION:-${ACTION_REF:-}}
[[ $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] ||
  fail "choose a release: \"$version\" is none; give the input version, such as v0.1.0"
case ${RUNNER_OS:-} in
  Linux) os=linux archive=tar.gz ext= ;;
  macOS) os=darwin archive=tar.gz ext= ;;
  Windows) os=windows archive=zip ext=.exe ;;
  *) fail "choose an archive: there is none for a runner of the system \"${RUNNER_OS:-}\"" ;;
esac
case ${RUNNER_ARCH:-} in
  X64) arch=amd64 ;;
  ARM64) arch=arm64 ;;
  *) fail "choose an archive: there is none for a runner of the architecture \"${RUNNER_ARCH:-}\"" ;;
esac

name=esconform-$version-$os-$arch
releases=${RELEASES:-https://github.com/esconform/esconform/releases/download}
dir=$(mktemp -d "$RUNNER_TEMP/esconform.XXXXXX")
cd "$dir"

download() {
  curl -fsSL --retry 3 --connect-timeout 20 --max-time 300 -o "$1" "$releases/$version/$1" ||
    fail "download $releases/$version/$1: see the message above, and whether there is such a release"
}

# sum FILE: its SHA-256, with what the runner has.
sum() {
  if command -v sha256sum >/dev/null; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -d ' ' -f 1
}

download "$name.$archive"
want=${IN_SHA256:-}
if [ -z "$want" ]; then
  download "esconform-$version.sha256"
  want=$(sed -n "s/ [ *]$name\.$archive\$//p" "esconform-$version.sha256")
fi
have=$(sum "$name.$archive")
[ "$have" = "$want" ] || fail "check $name.$archive: its SHA-256 is $have, not \"$want\""

if [ "$archive" = zip ]; then unzip -q "$name.zip"; else tar -xzf "$name.tar.gz"; fi
echo "bin=$dir/$name/esconform$ext" >>"$GITHUB_OUTPUT"
