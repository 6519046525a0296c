# shellcheck shell=bash
# The people of the demo vault, one of every role, and a case file. Sourced by tools/run.
# Promises: what is there already is left alone; passwords are made anew for each demo vault and lie, readable by their
#   owner only, in the directory `people` beside it.
# Never: gives an account of a real vault a password.
# Needs setup.sh, messages.sh, and the function `vaultctl`.

# login, role, name
DEMO_PEOPLE=(
  'guanli system-administrator 周管理' 'anquan security-administrator 吴安全' 'shenji audit-administrator 郑审计'
  'chengban handler 李承办' 'zhuguan in-charge 王主管' 'zhuyao principal 赵主要' 'dangan archivist 钱档案'
  'baoguan custodian 孙保管' 'ducha inspector 冯督查' 'shebei device-manager 陈设备'
)

new_password() { head -c 12 /dev/urandom | base64 | tr '+/' '-_'; }

# as LOGIN WORD…: vaultctl as this person.
as() {
  local login=$1
  shift
  vaultctl --as "$login" --password-file "$people/$login" "$@" >/dev/null
}

# person LOGIN ROLE NAME: proposed, confirmed by another once there are administrators, with a password of his own.
person() {
  local login=$1 given
  [ ! -e "$people/$login" ] || return 0
  given=$people/given
  new_password >"$given"
  new_password >"$people/$login.new"
  local about=(--person "$3" --unit 执法监督科 --roles "$2")
  if [ -e "$people/shenji" ]; then
    as guanli people add "$login" "${about[@]}"
    as anquan people confirm "$login"
    as anquan people password "$login" --new-password-file "$given"
  else
    vaultctl people add "$login" "${about[@]}" >/dev/null
    vaultctl people password "$login" --new-password-file "$given" >/dev/null
  fi
  vaultctl --as "$login" --password-file "$given" people password "$login" --new-password-file "$people/$login.new" >/dev/null
  mv "$people/$login.new" "$people/$login"
}

# demo_settings DIRECTORY: an engine for speech, and where pages put backups, images, copies; drives are files.
demo_settings() {
  local at
  at=$(realpath "$1")
  mkdir -p "$at/images"
  cat <<TOML
[speech]
engine = "command"
command = ["$top/tools/lib/speech/pocketsphinx"]
identity = "pocketsphinx, en-us"
language = "en"

[backup]
directory = "$at/backups"

[volumes]
images = "$at/images"
drives = ["stdio:$at/disc-1", "stdio:$at/disc-2"]

[[stores.places]]
title = "演示：另一目录"
directory = "$at/second-store"
TOML
}

# demo_people DIRECTORY: everybody, once.
demo_people() {
  people=$1/people
  (umask 077 && mkdir -p "$people")
  local one login role name
  for one in "${DEMO_PEOPLE[@]}"; do
    read -r login role name <<<"$one"
    person "$login" "$role" "$name"
  done
  rm -f "$people/given"
}

# demo_case NUMBER: a case file that its recordings join by their label; still open.
demo_case() {
  (vaultctl case show "$1") >/dev/null 2>&1 && return 0
  as chengban case open "$1" --title 未按规定收取服务费用 --counterpart 某某养老服务中心 --unit 执法监督科 \
    --officer 李承办:吉-22010001 --officer 冯督查:吉-22010002 --opened-on 2026-01-12
}

# demo_logins: who can be what, and where the passwords are.
demo_logins() {
  local one login role name
  for one in "${DEMO_PEOPLE[@]}"; do
    read -r login role name <<<"$one"
    printf '  %-10s %-24s %s\n' "$login" "$role" "$people/$login" >&2
  done
}
