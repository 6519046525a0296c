# vaultctl 运行中的文字。

ctl-error = 错误：{ $what }
ctl-error-why = 　原因：{ $why }
ctl-error-next = 　处理：{ $next }
ctl-output-failed = 无法写出结果（{ $cause }）
ctl-stopping = 正在妥善停止，请稍候……（再按一次 Ctrl-C 立即结束）
ctl-killed = 已立即结束。已确认的资料不受影响；重新运行同一命令即可继续。
ctl-vault-not-named = 没有指明证据库：请用 --vault 目录，或设置环境变量 EVIDENCE_VAULT

ctl-usage-next = 用 --help 查看用法；例如 vaultctl ingest --help。
ctl-usage-no-command = 没有写明命令
ctl-usage-unknown-command = 没有 { $command } 这个命令
ctl-usage-unknown-command-near = 没有 { $command } 这个命令，是否指 { $near }？
ctl-usage-unknown-argument = 没有 { $argument } 这个参数
ctl-usage-unknown-argument-near = 没有 { $argument } 这个参数，是否指 { $near }？
ctl-usage-missing = 缺少必填项：{ $arguments }
ctl-usage-conflict = { $argument } 与 { $other } 不能同时使用
ctl-usage-invalid-value = { $argument } 的值不能用：“{ $value }”

ctl-progress-left = 剩余
ctl-progress-items = { $done }/{ $items } 个

ctl-column-recording = 编号
ctl-column-received = 入库时间
ctl-column-bytes = 大小
ctl-column-case = 案号
ctl-column-counterpart = 行政相对人
ctl-column-handler = 承办人
ctl-column-activity = 执法活动
ctl-column-device = 记录设备
ctl-column-maker = 制作人
ctl-column-method = 制作方法
ctl-column-proves = 证明对象
ctl-column-secrecy = 密级
ctl-column-name = 文件名
ctl-column-checked = 最近校验
ctl-column-damaged = 校验不符，见账本序号
ctl-column-sha256 = SHA-256
ctl-column-sm3 = SM3
ctl-column-seq = 账本序号
ctl-column-time = 时间
ctl-column-event = 事件
ctl-column-actor = 人员
ctl-column-role = 角色
ctl-column-note = 说明
ctl-event-refused = { $act }：{ $reason }
ctl-event-damaged = 不符 { $count } 处
ctl-column-job = 作业
ctl-column-job-kind = 种类
ctl-column-job-state = 状态
ctl-column-job-attempts = 已试次数
ctl-column-job-due = 到期时间
ctl-column-job-problem = 问题
ctl-size-exact = { $size }（{ $bytes } 字节）

ctl-init-done = 证据库已建立：{ $path }
ctl-init-key-copy = 密钥库副本：{ $path }
ctl-init-no-key-copy = 注意：没有用 --key-copy 指定密钥库副本。磁盘损坏会使密钥与资料一同丢失，请尽快另存一份。
ctl-init-keep-keys = 请另行妥善保管密钥：密钥全部丢失，资料即无法恢复。
ctl-init-next = 下一步：vaultctl --vault { $path } ingest 路径 --case 案号 --counterpart 相对人 --handler 承办人 --activity 活动

ctl-ingest-stored = 已入库  { $recording }  { $size }  { $path }
ctl-ingest-duplicate = 已有    { $recording }  { $size }  { $path }
ctl-ingest-failed = 未入库  { $path }：{ $what }
ctl-ingest-summary = 共 { $files } 个文件：入库 { $stored }，已有 { $duplicates }，失败 { $failed }；{ $size }，用时 { $seconds } 秒

ctl-list-empty = 没有符合条件的资料。
ctl-list-count = 共 { $count } 份。
ctl-show-events = 保管链：
ctl-read-exists = 文件已存在，未覆盖：{ $path }；请另选 -o 的文件名
ctl-read-done = 已写入 { $path }，内容逐块校验无误。

ctl-verify-damaged = 不符  { $recording }  { $class }  字节 { $from } 起、{ $to } 止（不含）
ctl-verify-summary = 已校验 { $objects } 份，{ $size }，用时 { $seconds } 秒；不符 { $failed } 处
ctl-verify-next = 发现不符：请保留现状，不要删除任何文件；从备份或另一套副本恢复，并按规定上报。

ctl-ledger-verified = 账本完好：{ $size } 条，根 { $root }；目录库与账本一致。
ctl-rebuild-done = 已重建：资料 { $recordings } 份，记录 { $events } 条；内容摘要 { $digest }
ctl-jobs-ran = 作业完成 { $done } 项，失败 { $failed } 项。
ctl-jobs-none = 没有作业。
ctl-jobs-retried = 作业 { $job } 已重新排队。
ctl-doctor-finding = [{ $level }] { $what }
