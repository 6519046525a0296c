# shellcheck shell=bash
# Brings a machine to where the project builds, tests and is measured. Sourced by the scripts in tools/.
# Promises: each need_* is idempotent, asks the machine first and takes milliseconds when nothing is missing;
#   versions are pinned here and nowhere else; what is built goes under .cache of the project.
# Never: changes what is already installed, touches a vault, runs `apt-get update` when no package is missing.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=$top/.cache
# shellcheck source=messages.sh
source "$top/tools/lib/messages.sh"

RUST_MIN=1.95
NEXTEST_VERSION=0.9.143
B3SUM_VERSION=1.8.7
CARGO_DENY_VERSION=0.20.2
GARAGE_VERSION=2.5.0
NODE_MIN=20.19 NODE_VERSION=22
PYTHON_TOOLS=('moto[server,s3]==5.2.5' blake3==1.0.11 cryptography==50.0.2 zstandard==0.25.0 aiosmtpd==1.4.6 bagit==1.9.0 chinesecalendar==1.11.0 feedparser==6.0.14
  schemathesis==4.32.5 tuspy==1.1.0 openpyxl==3.1.5)
BUILD_PACKAGES=(build-essential pkg-config libclang-dev libavcodec-dev libavformat-dev libavutil-dev libswresample-dev libswscale-dev)
MEDIA_PACKAGES=(ffmpeg libimage-exiftool-perl pocketsphinx pocketsphinx-en-us)
FORM_PACKAGES=(fonts-noto-cjk)
VOLUME_PACKAGES=(xorriso age)
PAGE_PACKAGES=(chromium nodejs zip unzip)
TEST_PACKAGES=("${BUILD_PACKAGES[@]}" "${MEDIA_PACKAGES[@]}" "${FORM_PACKAGES[@]}" "${VOLUME_PACKAGES[@]}" "${PAGE_PACKAGES[@]}" poppler-utils zbar-tools postgresql strace e2fsprogs python3-venv jq sox espeak-ng libheif-examples cmake openssl shellcheck)

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else stop root.needed "$*"
  fi
}

# need_packages NAME…: Debian packages.
need_packages() {
  local name missing=()
  for name in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
  done
  [ ${#missing[@]} = 0 ] && return
  say packages.installing "${missing[*]}"
  as_root apt-get update -qq >&2 || stop packages.failed "${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
    stop packages.failed "${missing[*]}"
}

# need_rust: a cargo of the version the workspace names. Debian 12's own is too old, so it is only taken through rustup.
need_rust() {
  local found
  command -v cargo >/dev/null || PATH=$HOME/.cargo/bin:$PATH
  if ! command -v cargo >/dev/null && apt-cache show rustup >/dev/null 2>&1; then need_packages rustup; fi
  if command -v rustup >/dev/null; then
    rustup component list --installed 2>/dev/null | grep -q clippy || rustup toolchain install "$RUST_MIN" -c rustfmt -c clippy >&2
  fi
  found=$(cargo --version 2>/dev/null | cut -d' ' -f2)
  printf "%s\n" "$RUST_MIN" "${found:-0}" | sort -VC || stop rust.missing "$RUST_MIN"
}

# need_crate DIR PROGRAM CRATE VERSION MINUTES: a program from the Rust registry, in DIR/bin (DIR empty: cargo's own).
need_crate() {
  local dir=$1 program=$2 crate=$3 version=$4 minutes=$5
  if [ -n "$dir" ]; then [ -x "$dir/bin/$program" ] && return; else command -v "$program" >/dev/null && return; fi
  need_rust
  say tool.building "$program" "$minutes"
  cargo install --quiet --locked ${dir:+--root "$dir"} --version "$version" "$crate" >&2 || stop tool.failed "$program"
}

need_nextest() { need_crate '' cargo-nextest cargo-nextest "$NEXTEST_VERSION" 6; }

need_b3sum() { need_crate "$cache/cargo" b3sum b3sum "$B3SUM_VERSION" 1; }

need_cargo_deny() { need_crate '' cargo-deny cargo-deny "$CARGO_DENY_VERSION" 3; }

# need_node: a Node that builds the pages. Debian 12's own is too old, but its npm fetches one that is not.
need_node() {
  local own=$cache/node/node_modules/node/bin found
  [ ! -x "$own/node" ] || PATH=$own:$PATH
  found=$(node --version 2>/dev/null | tr -d v)
  if command -v npm >/dev/null && printf '%s\n' "$NODE_MIN" "${found:-0}" | sort -VC; then return; fi
  need_packages nodejs npm
  say tool.building node 1
  npm install --silent --no-audit --no-fund --prefix "$cache/node" "node@$NODE_VERSION" >&2 || stop tool.failed node
  PATH=$own:$PATH
}

# need_pages: the pages, built into vault-server/web/dist, anew when their sources are newer than what is there.
need_pages() (
  cd "$top/vault-server/web" || return
  local newer
  newer=$(find . -path ./node_modules -prune -o -path ./dist -prune -o -type f -newer dist/index.html -print -quit 2>/dev/null || echo first)
  [ -e dist/index.html ] && [ -z "$newer" ] && return
  need_node
  say pages.building
  [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent --no-audit --no-fund >&2 || stop tool.failed pages
  npm run --silent build >&2 || stop tool.failed pages
)

# need_garage: the weak S3 server that a store's self-test must unmask. Built for compile time, not for speed.
need_garage() (
  export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1
  export CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_DEBUG=0
  need_crate "$cache/garage" garage garage "$GARAGE_VERSION" 8
)

# need_python_tools: moto, second readers, bagit, tuspy and schemathesis, in a venv of the project; rebuilt when the list changes.
need_python_tools() {
  local pins=$cache/venv/pins
  [ "$(cat "$pins" 2>/dev/null)" = "${PYTHON_TOOLS[*]}" ] && return
  need_packages python3-venv
  say python.installing
  python3 -m venv --clear "$cache/venv" >&2
  "$cache/venv/bin/pip" install --quiet --disable-pip-version-check "${PYTHON_TOOLS[@]}" >&2 || stop tool.failed python
  printf '%s' "${PYTHON_TOOLS[*]}" >"$pins"
}
