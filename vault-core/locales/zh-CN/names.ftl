# 代码在界面上的名称。细节、活动、密级、事件、字节类别，以及 doctor 的检查结果。

not-stated = 未注明
fault-details = （{ $details }）
fault-detail = { $label }：{ $value }
fault-detail-joint = ；

detail-act = 操作
detail-argument = 参数
detail-article = 条款
detail-bytes = 字节数
detail-case = 案号
detail-cause = 系统报告
detail-class = 字节类别
detail-count = 数量
detail-event = 事件
detail-expected = 应为
detail-found = 实为
detail-from = 起始字节
detail-grant = 授权
detail-index = 序号
detail-key = 键
detail-kind = 种类
detail-label = 字段
detail-length = 长度
detail-limit = 上限
detail-line = 行
detail-name = 名称
detail-needed = 所需
detail-offset = 位置
detail-path = 路径
detail-prefix = 编号开头
detail-range = 范围
detail-reason = 原因
detail-recording = 资料
detail-role = 角色
detail-seq = 序号
detail-setting = 设置
detail-size = 大小
detail-slot = 密钥序号
detail-store = 存储
detail-to = 结束字节
detail-value = 值
detail-version = 版本
detail-what = 事项

activity-inspection = 日常检查
activity-complaint = 投诉举报处理
activity-evidence-taking = 调查取证
activity-advance-registration = 先行登记保存
activity-service = 送达
activity-retained-service = 留置送达
activity-posted-notice = 张贴公告
activity-coercive-measure = 行政强制措施
activity-other = 其他

secrecy-ordinary = 一般
secrecy-privacy = 个人隐私
secrecy-trade-secret = 商业秘密
secrecy-state-secret = 国家秘密

event-vault-created = 建立证据库
event-store-registered = 登记存储
event-recording-accessioned = 接收入库
event-recording-duplicate-received = 重复接收
event-recording-digests-taken = 补算摘要
event-fixity-checked = 完整性校验
event-act-refused = 拒绝操作

class-data = 密文
class-tags = 认证标签
class-table = 摘要树
class-manifest = 清单
class-key = 密钥
class-plain = 内容

role-operator = 操作员
role-system = 系统

reason-grant-needed = 没有调取授权
reason-person-needed = 须由具名的人员办理

act-vault-initialise = 建立证据库
act-store-register = 登记存储
act-intake-take-in = 接收入库
act-preservation-take-digests = 补算摘要
act-preservation-check-fixity = 完整性校验
act-catalogue-read = 查阅目录库
act-ledger-read = 查阅账本
act-ledger-sign-checkpoint = 签署检查点
act-catalogue-rebuild = 重建目录库
act-jobs-run = 执行作业
act-access-read-recording = 读取资料内容

job-digests = 补算摘要
job-fixity = 定期校验

state-waiting = 等待
state-running = 进行中
state-done = 完成
state-failed = 失败

level-ok = 正常
level-warning = 注意
level-problem = 故障

doctor-not-a-vault = 此目录不是证据库：{ $path }
    .next = 用 --vault 指明证据库目录，或运行 vaultctl init 目录 新建。
doctor-vault-opens = 证据库可以打开
doctor-vault-fails = 证据库无法打开：{ $what }
    .next = 按所示原因处理后再运行 vaultctl doctor。
doctor-vault-key = 证据库密钥与密钥库相符
doctor-key-copies = 密钥库有 { $count } 份完好的副本
doctor-key-copies-few = 密钥库只有 { $count } 份副本
    .next = 请增设副本（vaultctl init 的 --key-copy），放在另一块磁盘上。
doctor-key-copy-damaged = 密钥库副本损坏或缺失：{ $path }
    .next = 请从完好的副本复制一份到原处，再运行 vaultctl verify --all。
doctor-key-copies-together = 密钥库的各份副本在同一块磁盘上
    .next = 请把一份副本移到另一块磁盘或离线介质，磁盘损坏时密钥才不会一同丢失。
doctor-store-writable = 存储可以写入
doctor-store-fails = 存储无法写入：{ $what }
    .next = 请检查权限、挂载和存储服务，再运行 vaultctl doctor。
doctor-store-create-only = 存储能够拒绝覆盖
doctor-store-overwrites = 存储不能拒绝覆盖，不作一次写入（WORM）的保证
    .next = 需要一次写入保证时，请改用支持仅新建写入和对象锁定的存储服务。
doctor-space = 剩余空间 { $bytes }
doctor-space-low = 剩余空间不多：{ $bytes }
    .next = 请尽快扩容；空间用尽时新资料无法入库。
doctor-catalogue-settings = 目录库设置符合要求
doctor-catalogue-fails = 目录库有问题：{ $what }
    .next = 数据库服务中断的，请恢复服务；文件损坏的，请用 vaultctl rebuild 重建。
doctor-ledger-agrees = 账本与最近的检查点一致，共 { $count } 条
doctor-ledger-fails = 账本有问题：{ $what }
    .next = 请停止入库，运行 vaultctl ledger verify 查明。
doctor-checkpoint-missing = 账本还没有签署过检查点
    .next = 运行 vaultctl ledger checkpoint，并把检查点交第三方留存。
doctor-fixity-due = { $count } 份资料已到完整性校验期
    .next = 运行 vaultctl jobs run 或 vaultctl verify --all。
doctor-jobs-failed = { $count } 项作业失败，等待处理
    .next = 运行 vaultctl jobs list 查看，排除原因后用 vaultctl jobs retry 编号 重试。
doctor-staging-left = { $count } 次未完成的接收仍在暂存
    .next = 重新运行原来的 vaultctl ingest 命令即可继续；长期不用的会自动清理。
