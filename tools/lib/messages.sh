# shellcheck shell=bash
# Every sentence the scripts say to people, once: zh-CN first, English beside.
# Promises: `say KEY ARG…` prints one line on stderr and changes nothing else; an unknown key stops the script.
# Never: data on stdout, decisions, message texts anywhere else. An English text names its arguments in the same order.

declare -A MESSAGES=(
  # setup
  [packages.installing]='正在安装系统软件包：%s|installing system packages: %s'
  [packages.failed]='无法安装系统软件包；请检查软件源后重试：%s|cannot install system packages; check the package sources and try again: %s'
  [root.needed]='需要管理员权限（root 或 sudo）：%s|needs root or sudo: %s'
  [tool.building]='正在安装 %s（约 %s 分钟，仅此一次）|installing %s (about %s min, once)'
  [tool.failed]='%s 安装失败；请查看上方输出|%s could not be installed; see the output above'
  [rust.missing]='需要 Rust %s 或更高版本；请安装后重试|Rust %s or later is needed; install it and try again'
  [pages.building]='正在构建网页|building the pages'
  [python.installing]='正在安装测试用 Python 工具|installing the Python tools of the tests'
  [option.unknown]='未知选项：%s|unknown option: %s'
  [option.value]='选项 %s 需要一个值|option %s needs a value'

  # test
  [step]='—— %s'
  [step.failed]='未通过：%s|failed: %s'
  [usage.test]='用法：tools/test [--long]　　安装缺少的工具，检查格式与规范，运行全部测试；--long 另加故障试验|usage: tools/test [--long]   installs what is missing, checks format and lints, runs every test; --long adds the fault rigs'

  # media
  [media.making]='正在用 FFmpeg 制作素材：%s|making media with FFmpeg: %s'
  [media.kept]='沿用已有素材：%s|keeping the media that are there: %s'
  [media.bad]='素材检查不通过：%s：应为 %s，实为 %s|media check failed: %s: expected %s, found %s'
  [media.size]='素材大小选项只有 small 与 demo：%s|media sizes are small and demo: %s'

  # run
  [usage.run]='用法：tools/run [--data DIR] [--port N] [--no-demo] [--no-server]　　安装、构建、建立演示库并启动服务|usage: tools/run [--data DIR] [--port N] [--no-demo] [--no-server]   installs, builds, makes a demo vault and starts the server'
  [run.building]='正在构建发布版|building the release'
  [run.making]='建立证据库：%s|making the vault: %s'
  [run.continuing]='沿用已有证据库：%s|going on with the vault that is there: %s'
  [run.ingesting]='接收素材入库：案号 %s|taking the media in: case %s'
  [run.people]='建立各角色人员：%s|people of every role: %s'
  [run.logins]='登录名、角色、口令文件（--as 登录名 --password-file 文件）：|logins, roles, password files (--as LOGIN --password-file FILE):'
  [run.checking]='补算摘要、复核、记账|digests, verification, ledger'
  [run.next]='接下来可以：|what to do next:'
  [run.serving]='启动服务：%s（Ctrl-C 停止）|starting the server: %s (Ctrl-C stops it)'
  [run.failed]='这一步未完成（退出码 %s）：%s|this step did not finish (exit %s): %s'

  # bench
  [usage.bench]='用法：tools/bench [--quick] [--only store/reads/warm/scrub/ranges/lists/draws/figures/volumes/repair/media]　　与同类程序并排测量，打印指标表|usage: tools/bench [--quick] [--only store/reads/warm/scrub/ranges/lists/draws/figures/volumes/repair/media]   measures side by side with other programs, prints the budget table'
  [bench.building]='正在构建并测量|building and measuring'
)

# say KEY ARG…: one line on stderr, Chinese, then English.
say() {
  local text=${MESSAGES[$1]?"no message: $1"}
  shift
  # shellcheck disable=SC2059  # The templates are the table above.
  { printf "${text%%|*}" "$@"; [[ $text != *'|'* ]] || printf "  ·  ${text#*|}" "$@"; printf '\n'; } >&2
}

# stop KEY ARG…: says it and ends the script, exit 1. usage_error: the same, exit 2.
stop() { say "$@"; exit 1; }
usage_error() { say "$@"; exit 2; }
