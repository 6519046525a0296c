# shellcheck shell=bash
# The programs that the benches measure the vault against. Sourced by tools/bench.
# Promises: after need_peers every peer is found by name on PATH, at the version the machine or this file pins.
# Never: builds a peer with less optimisation than its authors ship: the comparison would flatter us.
# Needs setup.sh.

RUSTIC_VERSION=0.11.4
PEER_PACKAGES=(restic borgbackup git-annex hashdeep fio time nginx-light par2 xorriso)

need_rustic() { need_crate "$cache/cargo" rustic rustic-rs "$RUSTIC_VERSION" 15; }

need_peers() {
  need_packages "${PEER_PACKAGES[@]}"
  need_b3sum
  need_rustic
  need_python_tools
  export PATH=$cache/cargo/bin:$cache/venv/bin:$PATH
}

# peer_versions: one line each, for the head of a report.
peer_versions() {
  restic version | head -1
  borg --version
  git-annex version --raw | sed 's/^/git-annex /; s/$/\n/'
  hashdeep -V | sed 's/^/hashdeep /'
  fio --version
  nginx -v 2>&1
  b3sum --version
  rustic --version
  bagit.py --version
}
