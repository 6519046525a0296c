# vaultctl 的帮助。ctl-command-… 为命令，.usage 用法，.more 附注；ctl-arg-… 为参数，.value 值名。

ctl-heading-usage = 用法:
ctl-heading-commands = 命令
ctl-heading-arguments = 参数
ctl-heading-options = 选项

ctl-command-vaultctl = 执法音像证据库管理命令
    .usage = vaultctl [选项] <命令>
    .more =
        退出码：0 完成 · 1 失败 · 2 用法有误 · 3 部分失败 · 4 完整性不符 · 5 未获批准
                6 未找到 · 7 有逾期 · 10 不是证据库 · 11 被占用 · 12 登录失败
                75 稍后重试 · 130 被中断
        数据写到标准输出，进度和日志写到标准错误。各命令的用法：vaultctl <命令> --help
ctl-command-init = 新建证据库：密钥、目录库、账本和存储
    .usage = vaultctl init [选项] <目录>
    .more =
        示例：vaultctl init /srv/vault --key-copy /mnt/usb/vault-keys
        密钥库请至少在另一块磁盘上保留一份副本；密钥全部丢失，资料即无法恢复。
ctl-command-ingest = 接收录音录像资料入库：文件或整个目录，来源不会改动
    .usage = vaultctl ingest [选项] <路径>… --case <案号> --counterpart <相对人> --handler <承办人> --activity <活动>
    .more =
        活动：inspection 日常检查 · complaint 投诉举报处理 · evidence-taking 调查取证
              advance-registration 先行登记保存 · service 送达 · retained-service 留置送达
              posted-notice 张贴公告 · coercive-measure 行政强制措施 · other 其他
        密级：ordinary 一般 · privacy 个人隐私 · trade-secret 商业秘密
              state-secret 国家秘密（未经批准的证据库不接收）
        中断后重新运行同一命令即可继续；内容相同的文件不会重复存放。
ctl-command-list = 列出录音录像资料
    .usage = vaultctl list [选项]
ctl-command-show = 显示一份资料的著录信息、摘要和保管链
    .usage = vaultctl show [选项] <编号>
ctl-command-read = 凭授权读取资料内容，逐块校验
    .usage = vaultctl read <编号> --grant <授权> [--range <起-止>] [-o <文件>]
    .more = 未经批准不得读取；没有授权的读取会被拒绝并记入账本（退出码 5）。
ctl-command-verify = 重读存储的内容，校验完整性
    .usage = vaultctl verify [选项] [编号]…
    .more = 不写编号即校验全部。发现不符时指明资料、字节类别和范围（退出码 4）。
ctl-command-ledger = 账本：签署检查点、复核、出具证明、查看记录
    .usage = vaultctl ledger <命令>
ctl-command-ledger-checkpoint = 复核后签署检查点，并输出签署件
    .usage = vaultctl ledger checkpoint [选项]
    .more = 请把检查点交第三方留存，日后可证明账本未被改写。
ctl-command-ledger-verify = 从头推算账本的根，并与目录库核对
    .usage = vaultctl ledger verify [选项]
ctl-command-ledger-prove = 输出一条记录在账本中的证明（tlog-proof）
    .usage = vaultctl ledger prove <序号>
ctl-command-ledger-events = 按次序列出账本记录
    .usage = vaultctl ledger events [选项]
ctl-command-rebuild = 仅凭存储、账本和密钥重建目录库
    .usage = vaultctl rebuild --from <目录> --into <目录>
ctl-command-dump = 输出目录库全部内容，用于前后比对
    .usage = vaultctl dump
ctl-command-jobs = 后台作业：补算摘要、定期校验
    .usage = vaultctl jobs <命令>
ctl-command-jobs-run = 做完到期的作业后退出
    .usage = vaultctl jobs run [选项]
ctl-command-jobs-list = 列出等待、进行和失败的作业
    .usage = vaultctl jobs list [选项]
ctl-command-jobs-retry = 让失败的作业重新排队
    .usage = vaultctl jobs retry <作业>
ctl-command-doctor = 检查本机和证据库有何问题，并给出处理办法
    .usage = vaultctl doctor [选项]

ctl-arg-help = 显示帮助
ctl-arg-version = 显示版本
ctl-arg-vault = 证据库目录；也可用环境变量 EVIDENCE_VAULT
    .value = 目录
ctl-arg-lang = 界面语言：zh-CN 或 en；也可用环境变量 EVIDENCE_VAULT_LANG，默认 zh-CN
    .value = 语言
ctl-arg-json = 以 JSON 输出；长作业每行一个 JSON
ctl-arg-utc = 以 UTC 显示时间（默认北京时间）
ctl-arg-directory = 证据库目录；须为空目录或尚不存在
    .value = 目录
ctl-arg-key-copy = 密钥库另存一份副本的目录，可写多次；请放在另一块磁盘
    .value = 目录
ctl-arg-secrets = 存放证据库密钥和签名密钥的目录（默认在证据库内）
    .value = 目录
ctl-arg-catalogue-url-file = 目录库改用 PostgreSQL；文件中写连接地址
    .value = 文件
ctl-arg-store = 存储改用 S3 兼容服务，如 s3://桶/前缀
    .value = 地址
ctl-arg-s3-endpoint = S3 服务地址（默认按区域）
    .value = 网址
ctl-arg-s3-region = S3 区域；用 --store 时必填
    .value = 区域
ctl-arg-s3-credentials = S3 凭据文件；用 --store 时必填
    .value = 文件
ctl-arg-source = 要接收的文件或目录
    .value = 路径
ctl-arg-case = 案号
    .value = 案号
ctl-arg-counterpart = 行政相对人姓名或者名称
    .value = 相对人
ctl-arg-handler = 承办人姓名
    .value = 承办人
ctl-arg-activity = 所记录的执法活动，见下
    .value = 活动
ctl-arg-device = 记录设备编号
    .value = 设备
ctl-arg-maker = 制作人
    .value = 姓名
ctl-arg-method = 制作方法
    .value = 方法
ctl-arg-proves = 证明对象
    .value = 事项
ctl-arg-secrecy = 密级，见下（默认 ordinary）
    .value = 密级
ctl-arg-jobs = 并行数（默认为处理器数）
    .value = 数量
ctl-arg-recording = 资料编号（b3sum 的值），可只写开头几位
    .value = 编号
ctl-arg-recordings = 资料编号，可只写开头几位；不写即全部
    .value = 编号
ctl-arg-only-recording = 只列与此资料有关的记录
    .value = 编号
ctl-arg-grant = 授权编号
    .value = 授权
ctl-arg-range = 字节范围，从 0 计起，首尾都包含在内，如 0-1048575
    .value = 起-止
ctl-arg-output = 写入此文件（不覆盖已有文件）；默认写到标准输出
    .value = 文件
ctl-arg-all = 校验全部资料
ctl-arg-percent = 只校验最久未校验的百分之几（1–100）
    .value = 百分比
ctl-arg-keyless = 不动用密钥，只校验存储的密文
ctl-arg-seq = 账本序号
    .value = 序号
ctl-arg-from = 原证据库目录，只读
    .value = 目录
ctl-arg-into = 重建到此目录；须为空目录或尚不存在
    .value = 目录
ctl-arg-job = 作业编号
    .value = 作业
