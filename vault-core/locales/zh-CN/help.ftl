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
ctl-command-session = 一次执法录制的各个文件、其间缺失，以及与文书时间的比较
    .usage = vaultctl session <编号> [--written-from <时间> --written-to <时间>] [选项]
    .more = 示例：vaultctl session 3fa9 --written-from 2026-01-15T09:30:00 --written-to 2026-01-15T10:10:00
ctl-command-transcribe = 用配置的语音程序转写，存为未核对的机器文本
    .usage = vaultctl transcribe <编号>… [选项]
    .more = 语音程序在证据库目录的 settings.toml 中配置（[speech]），见 docs/SETTINGS.md。
ctl-command-transcript = 声音的文字记录：查看、修改、核对、导入、导出、缺漏
    .usage = vaultctl transcript <命令>
ctl-command-transcript-show = 查看一个版本（最新版，或 --version 指定）
    .usage = vaultctl transcript show [选项] <编号>
ctl-command-transcript-edit = 人工修改或录入，存为新版本；原版本不变
    .usage = vaultctl transcript edit <编号> --cue <序号> --text <文字> | --file <文件>
    .more = --file 可用 WebVTT、SRT 或纯文本；- 表示标准输入。未改动的句子保留原来的出处。
ctl-command-transcript-check = 由本人核对并确认一个版本与声音相符
    .usage = vaultctl transcript check <编号> --version <版本>
ctl-command-transcript-import = 导入 WebVTT、SRT 或纯文本，存为新版本
    .usage = vaultctl transcript import <编号> <文件>
ctl-command-transcript-export = 导出为 WebVTT 或纯文本，文件头写明出处和核对情况
    .usage = vaultctl transcript export <编号> [--format vtt|txt] [-o <文件>]
ctl-command-transcript-missing = 列出有声音而没有核对过的文字记录的资料
    .usage = vaultctl transcript missing [选项]
ctl-command-marker = 时间线上的标记：现场、人员、物品、措施、送达、其他
    .usage = vaultctl marker <命令>
ctl-command-marker-set = 在一个时刻或一段时间上设标记
    .usage = vaultctl marker set <编号> --kind <类别> --at <时刻> [--to <时刻>] [--note <说明>]
    .more = 类别：scene 现场 · persons 人员 · objects 物品 · measures 措施 · service 送达 · other 其他
ctl-command-marker-remove = 撤销一个标记（设置和撤销都留在账本中）
    .usage = vaultctl marker remove <标记>
ctl-command-search = 在文字记录、著录信息和标记中检索，给出时刻
    .usage = vaultctl search [选项] <词语>
ctl-command-calendar = 工作日历：依国务院办公厅通知，含调休
    .usage = vaultctl calendar <命令>
ctl-command-calendar-show = 某年的放假与调休
    .usage = vaultctl calendar show <年份> [选项]
ctl-command-calendar-deadline = 自某日起若干工作日的截止日，逐日列出
    .usage = vaultctl calendar deadline <日期> <工作日数> [选项]
ctl-command-calendar-import = 导入一年的工作日历，由另一人确认
    .usage = vaultctl calendar import <文件> [选项]
ctl-command-calendar-confirm = 确认他人导入的工作日历
    .usage = vaultctl calendar confirm <编号> [选项]
ctl-command-calendar-editions = 历次导入
    .usage = vaultctl calendar editions [选项]
ctl-arg-edition-file = 工作日历文件，格式见 docs/formats/calendar.md
    .value = 文件
ctl-arg-edition = 导入编号，可只写开头
    .value = 编号
ctl-command-deadlines = 期限：未补标签的资料、未归档的案卷，最急的在前
    .usage = vaultctl deadlines [选项]
ctl-command-read = 凭授权读取资料内容，逐块校验
    .usage = vaultctl read <编号> --grant <授权> [--range <起-止>] [-o <文件>]
    .more = 未经批准不得读取；没有授权的读取会被拒绝并记入账本（退出码 5）。
ctl-command-verify = 重读存储的内容，校验完整性
    .usage = vaultctl verify [选项] [编号]…
    .more = 不写编号即校验全部。发现不符时指明资料、字节类别和范围（退出码 4）。
ctl-command-scrub = 按设定速度重读到期的存储内容，最久未读的在先
    .usage = vaultctl scrub [选项] [命令]
    .more = 不写 --for 时只读今日应读部分。中途停止不丢进度。查出损坏即指明（退出码 4）并暂停提供。
ctl-command-scrub-status = 巡检进度；有逾期未读的，退出码为 7
    .usage = vaultctl scrub status [选项]
ctl-arg-for = 持续多久，最久未读的在先（90s、15m、8h、2d）
    .value = 时长
ctl-command-store = 副本存储：增设、存入、复读、停用
    .usage = vaultctl store <命令>
ctl-command-store-add = 增设一处副本存储：另一硬盘上的空目录，或 S3 兼容服务
    .usage = vaultctl store add <名称> (--in-directory <目录> | --store <地址>) [选项]
    .more = 登记前先试验其能否防止覆盖和删除，结果记入账本。
ctl-command-store-status = 各存储的份数、缺少和损坏，及各类资料的副本是否足数
    .usage = vaultctl store status [选项]
    .more = 有损坏退出码为 4，份数不足退出码为 7。
ctl-command-store-fill = 把尚缺的副本存入，每份读回核对后才算数
    .usage = vaultctl store fill <名称> [选项]
ctl-command-store-check = 复读其中全部副本
    .usage = vaultctl store check <名称> [选项]
ctl-command-store-propose-release = 提出停用；停用须由另一人办理
    .usage = vaultctl store propose-release <名称> --reason <理由> [选项]
ctl-command-store-release = 停用他人提出的副本存储；其中内容不动
    .usage = vaultctl store release <名称> --reason <理由> [选项]
    .more = 停用后份数不足的，不予停用。
ctl-command-repair = 用完好的副本修复损坏的内容，只取损坏的区段
    .usage = vaultctl repair <编号> [选项]
ctl-command-disc = 长期保存光盘卷：编排、制作、上架、复读
    .usage = vaultctl disc <命令>
ctl-command-disc-plan = 把长期保存清单中尚未入卷的资料按案编排成卷
    .usage = vaultctl disc plan --medium <介质> [选项]
ctl-command-disc-build = 制作第一卷的映像并读回核对
    .usage = vaultctl disc build <映像> --medium <介质> --label <卷标> [选项]
    .more = 映像是 ISO 9660 文件系统中的 BagIt 包，不用本系统也能读；其后附校验冗余。未加密，请按规定保管。
ctl-command-disc-list = 全部光盘卷；有不足两地两套的，退出码为 7
    .usage = vaultctl disc list [选项]
ctl-command-disc-shelve = 通读刻好的一套，与映像一致后登记存放地点
    .usage = vaultctl disc shelve <映像或设备> --label <卷标> --copy <套> --place <地点> [选项]
ctl-command-disc-check = 复读一套；损坏的指明，能恢复的可写出新映像
    .usage = vaultctl disc check <映像或设备> --label <卷标> [选项]
ctl-command-disc-restore = 用光盘卷恢复库内损坏或缺失的资料：全部，或指明的
    .usage = vaultctl disc restore <映像或设备> --label <卷标> [资料]... [选项]
ctl-arg-image = 映像文件或光驱设备
    .value = 映像
ctl-arg-medium = 介质：dvd、bd25、bd50、bd100、drive
    .value = 介质
ctl-arg-label = 卷标，字母、数字、连字符
    .value = 卷标
ctl-arg-copy = 第几套
    .value = 套
ctl-arg-place = 存放地点和架位
    .value = 地点
ctl-arg-recover = 把恢复后的映像写到该文件
    .value = 文件
ctl-command-dispose = 到期资料的销毁：提出、他人批准、等待、执行
    .usage = vaultctl dispose <命令>
ctl-command-dispose-candidates = 已满原始资料保存年限的资料，及其不得销毁的全部理由
    .usage = vaultctl dispose candidates [选项]
ctl-command-dispose-propose = 提出销毁
    .usage = vaultctl dispose propose <编号>… --reason <理由> [选项]
ctl-command-dispose-list = 历次销毁
    .usage = vaultctl dispose list [选项]
ctl-command-dispose-show = 一项销毁的经过和清单
    .usage = vaultctl dispose show <销毁编号> [选项]
ctl-command-dispose-approve = 批准他人提出的销毁；等待期后方可执行
    .usage = vaultctl dispose approve <销毁编号> --reason <意见> [选项]
ctl-command-dispose-withdraw = 撤销尚未执行的销毁
    .usage = vaultctl dispose withdraw <销毁编号> --reason <理由> [选项]
ctl-command-dispose-run = 复查后执行：先销毁密钥，再清除各处内容，不可恢复
    .usage = vaultctl dispose run <销毁编号> [选项]
    .more = 须有见证方二十四小时内签署的检查点（vaultctl witness take）。
ctl-command-inspection = 抽签检查：方案、批准、双方承诺、冻结、抽签、评查、整改、得分
    .usage = vaultctl inspection <命令>
ctl-command-inspection-plan = 制定抽查方案
    .usage = vaultctl inspection plan --basis <依据> --received-from <日期> --received-to <日期> --proportion <百分比> [--by <分组>]… [选项]
ctl-command-inspection-approve = 批准他人制定的方案；抽中的资料由此准许督查人员读取
    .usage = vaultctl inspection approve <抽查编号> --reason <意见> [选项]
ctl-command-inspection-number = 生成一方的抽签数及其承诺值；不读写证据库
    .usage = vaultctl inspection number <抽查编号> --party <一方> [选项]
ctl-command-inspection-commit = 提交一方的承诺值
    .usage = vaultctl inspection commit <抽查编号> --party <一方> --commitment <承诺值> [选项]
ctl-command-inspection-freeze = 双方承诺之后，冻结抽查范围
    .usage = vaultctl inspection freeze <抽查编号> [选项]
ctl-command-inspection-reveal = 冻结之后，公开一方的抽签数
    .usage = vaultctl inspection reveal <抽查编号> --party <一方> --number <抽签数> [选项]
ctl-command-inspection-draw = 抽签；输出足以在别处重算的数据
    .usage = vaultctl inspection draw <抽查编号> [选项]
ctl-command-inspection-list = 历次抽查
    .usage = vaultctl inspection list [选项]
ctl-command-inspection-show = 一项抽查的经过、抽中的资料和问题
    .usage = vaultctl inspection show <抽查编号> [选项]
ctl-command-inspection-population = 冻结的范围，一行一份：资料编号和分组
    .usage = vaultctl inspection population <抽查编号> [选项]
ctl-command-inspection-review = 评查一份抽中的资料
    .usage = vaultctl inspection review <抽查编号> <资料编号> --recorded <答> --uninterrupted <答> --handled <答> --watched <秒> [选项]
ctl-command-inspection-find = 提出问题
    .usage = vaultctl inspection find <抽查编号> <资料编号> --article <条款> --due <日期> --note <问题> [选项]
ctl-command-inspection-correct = 被查单位答复整改情况
    .usage = vaultctl inspection correct <抽查编号> <问题编号> --note <整改情况> [选项]
ctl-command-inspection-recheck = 复查整改情况
    .usage = vaultctl inspection recheck <抽查编号> <问题编号> --note <意见> [--settled] [选项]
ctl-command-inspection-score = 按分组计分，供年度考评
    .usage = vaultctl inspection score <抽查编号> [选项]
ctl-command-inspection-end = 拒绝、撤回或结束一项抽查
    .usage = vaultctl inspection end <抽查编号> --reason <理由> [选项]
ctl-command-device = 记录设备台账：登记、领用、归还、检查、保养、故障、停用
    .usage = vaultctl device <命令>
ctl-command-device-add = 登记一台设备
    .usage = vaultctl device add --number <编号> --kind <种类> --unit <单位> --keeper <姓名> [选项]
ctl-command-device-change = 变更登记事项，各项须重新写全
    .usage = vaultctl device change <设备> --number <编号> --kind <种类> --unit <单位> --keeper <姓名> [选项]
ctl-command-device-list = 全部设备，以及资料上出现而未登记的编号
    .usage = vaultctl device list [选项]
ctl-command-device-show = 一台设备的经过
    .usage = vaultctl device show <设备> [选项]
ctl-command-device-take = 检查合格后领用
    .usage = vaultctl device take <设备> --user <姓名> --battery <百分比> --free-mib <数> [选项]
ctl-command-device-return = 归还
    .usage = vaultctl device return <设备> [选项]
ctl-command-device-check = 记录检查情况
    .usage = vaultctl device check <设备> --battery <百分比> --free-mib <数> [选项]
ctl-command-device-maintain = 记录保养情况
    .usage = vaultctl device maintain <设备> --note <说明> [选项]
ctl-command-device-break = 登记故障
    .usage = vaultctl device break <设备> --note <说明> [选项]
ctl-command-device-mend = 登记修复
    .usage = vaultctl device mend <设备> --note <说明> [选项]
ctl-command-device-retire = 停用
    .usage = vaultctl device retire <设备> --note <说明> [选项]
ctl-command-statement = 未录音录像说明：提出并报告，由上级答复
    .usage = vaultctl statement <命令>
ctl-command-statement-make = 说明某次执法为何没有录音录像，并向上级报告
    .usage = vaultctl statement make --ground <情形> --activity <活动> --on <日期> --place <地点> --handler <姓名> --reason <原因> --basis <依据> [选项]
ctl-command-statement-answer = 上级答复：认可，或说明理由不予认可
    .usage = vaultctl statement answer <说明编号> [--reject] [--note <意见>] [选项]
ctl-command-statement-list = 全部说明
    .usage = vaultctl statement list [选项]
ctl-command-statement-show = 一份说明
    .usage = vaultctl statement show <说明编号> [选项]
ctl-command-must-record = 应录事项：一案的全部；不写案号即各案没有录的
    .usage = vaultctl must-record [<案号>] [选项]
ctl-command-lapse = 过错情形登记：线索、登记、答复、结案
    .usage = vaultctl lapse <命令>
ctl-command-lapse-suspicions = 系统所知、尚未登记的线索
    .usage = vaultctl lapse suspicions [选项]
ctl-command-lapse-raise = 登记一项
    .usage = vaultctl lapse raise --clause <条款> --unit <单位> --answer-by <日期> --note <情况> [选项]
ctl-command-lapse-answer = 答复一项
    .usage = vaultctl lapse answer <过错编号> --note <答复> [选项]
ctl-command-lapse-close = 结案；答复人不得自行结案
    .usage = vaultctl lapse close <过错编号> [--upheld] --note <结论> [选项]
ctl-command-lapse-list = 全部过错情形
    .usage = vaultctl lapse list [选项]
ctl-command-lapse-show = 一项的经过
    .usage = vaultctl lapse show <过错编号> [选项]
ctl-command-review = 重大决定法制审核：送审、受理、中止、延长、意见、异议、集体讨论
    .usage = vaultctl review <命令>
ctl-command-review-submit = 送审一案拟作出的决定
    .usage = vaultctl review submit <案号> --ground <条款>… --material <材料>… --note <情况说明> [选项]
ctl-command-review-not-needed = 说明一案的决定不属重大决定
    .usage = vaultctl review not-needed <案号> --note <理由> [选项]
ctl-command-review-accept = 材料齐备，受理并起算期限
    .usage = vaultctl review accept <审核编号> [选项]
ctl-command-review-stop = 中止期限：补充材料或专家论证
    .usage = vaultctl review stop <审核编号> --for <原因> --note <说明> [选项]
ctl-command-review-resume = 恢复期限
    .usage = vaultctl review resume <审核编号> [选项]
ctl-command-review-supplement = 补充材料
    .usage = vaultctl review supplement <审核编号> --material <材料>… --note <说明> [选项]
ctl-command-review-extend = 领导批准延长五个工作日，限一次
    .usage = vaultctl review extend <审核编号> --note <理由> [选项]
ctl-command-review-opinion = 出具审核意见
    .usage = vaultctl review opinion <审核编号> --opinion <意见> --note <说明> [选项]
ctl-command-review-object = 三个工作日内提出异议
    .usage = vaultctl review object <审核编号> --note <理由> [选项]
ctl-command-review-settle = 登记集体讨论的决定
    .usage = vaultctl review settle <审核编号> [--pass] --note <决定> [选项]
ctl-command-review-list = 全部审核和期限
    .usage = vaultctl review list [选项]
ctl-command-review-show = 一项审核的经过
    .usage = vaultctl review show <审核编号> [选项]
ctl-arg-review = 审核编号，可只写开头
    .value = 审核编号
ctl-arg-review-ground = 重大情形的条款，可重复：A2.22(一) 至 (六)、A2.23(一)(二)，或其英文代码
    .value = 条款
ctl-arg-material = 已交材料，可重复：investigation-report、draft-and-reasons、evidence-and-basis、procedure、hearing-or-assessment、other
    .value = 材料
ctl-arg-stop-cause = 原因：supplement（补充材料）或 experts（专家论证）
    .value = 原因
ctl-arg-opinion = 意见：agree、investigate、change、correct、transfer
    .value = 意见
ctl-arg-pass = 可以作出决定
ctl-arg-device-number = 设备编号，与资料上标明的一致
    .value = 编号
ctl-arg-device-kind = 种类：body-worn、camcorder、camera、voice-recorder、fixed-camera、other
    .value = 种类
ctl-arg-model = 厂牌型号
    .value = 型号
ctl-arg-serial = 出厂编号
    .value = 编号
ctl-arg-keeper = 专管人姓名
    .value = 姓名
ctl-arg-check-days = 检查周期，日（默认 30）
    .value = 日
ctl-arg-maintenance-days = 保养周期，日（默认 180）
    .value = 日
ctl-arg-user = 领用人姓名
    .value = 姓名
ctl-arg-battery = 电量，百分比
    .value = 百分比
ctl-arg-free-mib = 可用空间，MiB
    .value = 数
ctl-arg-clock-off = 时钟慢了多少秒（快则为负）；超过一分钟即不合格
    .value = 秒
ctl-arg-unfit = 检查人认为不能使用
ctl-arg-exemption = 情形：explosion-hazard、secrecy、urgency、weather-or-failure
    .value = 情形
ctl-arg-scene = 执法地点
    .value = 地点
ctl-arg-evidence = 依据：通知、预警、设备故障登记等；不得写出秘密内容
    .value = 依据
ctl-arg-statement = 说明编号，可只写开头
    .value = 说明编号
ctl-arg-reject = 不予认可
ctl-arg-case-file = 案号
    .value = 案号
ctl-arg-clause = 条款，A2.19(二)1 至 5，A3.16(一) 至 (六)，或其英文代码
    .value = 条款
ctl-arg-origin = 来源：finding、alarm、deadline、person
    .value = 来源
ctl-arg-suspicion = 线索，取自 lapse suspicions
    .value = 线索
ctl-arg-concerned = 当事人员姓名
    .value = 姓名
ctl-arg-answer-by = 答复期限，如 2026-12-31
    .value = 日期
ctl-arg-lapse = 过错编号，可只写开头
    .value = 过错编号
ctl-arg-upheld = 予以认定
ctl-arg-basis = 依据、人员、方式
    .value = 依据
ctl-arg-received-from = 接收日期起
    .value = 日期
ctl-arg-received-to = 接收日期止
    .value = 日期
ctl-arg-proportion = 每组抽取的百分比，至多两位小数；向上取整
    .value = 百分比
ctl-arg-minimum = 每组至少抽取的份数，默认 1
    .value = 份
ctl-arg-by = 分组依据，可重复：unit、handler、activity、device
    .value = 分组
ctl-arg-inspection = 抽查编号，可只写开头（number 须写全）
    .value = 抽查编号
ctl-arg-party = 一方：inspector（督查）或 inspected（被查）
    .value = 一方
ctl-arg-commitment = 承诺值，64 位十六进制
    .value = 承诺值
ctl-arg-number = 抽签数，64 位十六进制
    .value = 抽签数
ctl-arg-recorded = 应当记录的是否记录：yes、no、none（不涉及）
    .value = 答
ctl-arg-uninterrupted = 是否全程不间断：yes、no、none
    .value = 答
ctl-arg-handled = 移交、保管、使用是否合规：yes、no、none
    .value = 答
ctl-arg-watched = 实际看过或听过的秒数
    .value = 秒
ctl-arg-article = 所违反的条款，如 A3.8
    .value = 条款
ctl-arg-from-second = 自第几秒
    .value = 秒
ctl-arg-to-second = 至第几秒
    .value = 秒
ctl-arg-due = 整改期限，如 2026-12-31
    .value = 日期
ctl-arg-finding = 问题编号，可只写开头
    .value = 问题编号
ctl-arg-settled = 已整改到位
ctl-command-witness = 见证方：另一台机器上为检查点签署时间
    .usage = vaultctl witness <命令>
ctl-command-witness-init = 生成见证方密钥，输出公钥
    .usage = vaultctl witness init <密钥文件> --witness-name <名称>
ctl-command-witness-key = 输出见证方公钥
    .usage = vaultctl witness key <密钥文件>
ctl-command-witness-cosign = 为检查点签署所见时间，输出签署件；账本变短或被改写的，不予签署
    .usage = vaultctl witness cosign <密钥文件> <检查点文件>
ctl-command-witness-take = 登记见证方签署的检查点
    .usage = vaultctl witness take <检查点文件> [选项]
ctl-arg-free-only = 只列可以销毁的
ctl-arg-disposal = 销毁编号，可只写开头
    .value = 销毁编号
ctl-arg-key-file = 见证方密钥文件
    .value = 密钥文件
ctl-arg-witness-name = 见证方名称，不含空格
    .value = 名称
ctl-arg-checkpoint-file = 检查点文件
    .value = 检查点文件
ctl-arg-store-name = 副本存储的名称
    .value = 名称
ctl-arg-in-directory = 空目录，应在另一硬盘上
    .value = 目录
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
ctl-arg-written-from = 文书记载的开始时间
    .value = 时间
ctl-arg-written-to = 文书记载的结束时间
    .value = 时间
ctl-arg-transcript-version = 版本号
    .value = 版本
ctl-arg-cue = 句子序号（见 transcript show 的 # 列）
    .value = 序号
ctl-arg-text = 该句的文字；留空字符串即删去该句
    .value = 文字
ctl-arg-speaker = 该句的说话人
    .value = 姓名
ctl-arg-file = 整篇文字记录的文件
    .value = 文件
ctl-arg-captions = WebVTT、SRT 或纯文本文件；- 表示标准输入
    .value = 文件
ctl-arg-format = 格式：vtt 或 txt
    .value = 格式
ctl-arg-kind = 标记类别
    .value = 类别
ctl-arg-at = 时刻，如 1:30 或 90.5（秒）
    .value = 时刻
ctl-arg-to = 结束时刻
    .value = 时刻
ctl-arg-note = 说明
    .value = 说明
ctl-arg-marker = 标记的编号（见 show）
    .value = 标记
ctl-arg-word = 要找的词语，中文两个字即可
    .value = 词语
ctl-arg-year = 年份
    .value = <年份>
ctl-arg-date = 起算之日，如 2026-09-30；次日起算
    .value = <日期>
ctl-arg-working-days = 工作日数，1 至 250
    .value = <工作日数>
ctl-arg-limit = 最多显示多少处
    .value = 数
ctl-arg-after = 从这一处之后继续
    .value = 数
ctl-arg-recorded-at = 申报的录制开始时间，如 2026-01-15T09:30:00
    .value = 时间
ctl-arg-clock-offset = 设备时钟慢了多少秒（快则为负）
    .value = 秒
ctl-arg-no-examine = 入库后不立即检视音像，留给 jobs run

ctl-command-people = 人员：账号、角色、口令
    .usage = vaultctl people <命令>
ctl-command-people-add = 提出新账号；初次设置之后须由另一人确认
    .usage = vaultctl people add <账号> --person <姓名> --unit <部门> --roles <角色>… [选项]
    .more =
        角色：
        custodian  保管人
        handler  承办人
        in-charge  主管领导
        principal  主要领导
        archivist  档案员
        inspector  督查（法制）人员
        device-manager  设备管理员
        station  采集工作站
        recipient  外部接收人
        system-administrator  系统管理员
        security-administrator  安全保密管理员
        audit-administrator  安全审计员
ctl-command-people-list = 列出账号、角色和待确认的变更
    .usage = vaultctl people list [选项]
ctl-command-people-roles = 提出变更角色，由另一人确认
    .usage = vaultctl people roles <账号> --roles <角色>… [选项]
    .more =
        角色：
        custodian  保管人
        handler  承办人
        in-charge  主管领导
        principal  主要领导
        archivist  档案员
        inspector  督查（法制）人员
        device-manager  设备管理员
        station  采集工作站
        recipient  外部接收人
        system-administrator  系统管理员
        security-administrator  安全保密管理员
        audit-administrator  安全审计员
ctl-command-people-confirm = 确认他人提出的变更
    .usage = vaultctl people confirm <账号> [选项]
ctl-command-people-disable = 停用账号，立即生效，记录保留
    .usage = vaultctl people disable <账号> --reason <理由> [选项]
ctl-command-people-password = 设置口令；他人设置的口令只能用于换成本人的口令
    .usage = vaultctl people password <账号> [--new-password-file <文件>] [选项]
ctl-command-people-one-time-code = 为账号生成动态口令密钥，只显示一次
    .usage = vaultctl people one-time-code <账号> [选项]
ctl-command-people-token = 为采集工作站的账号生成令牌，只显示一次，旧令牌失效
    .usage = vaultctl people token <账号> [选项]
ctl-command-case = 案卷：立卷、归入材料、目录、归档
    .usage = vaultctl case <命令>
ctl-command-case-open = 立卷；执法人员不少于两人
    .usage = vaultctl case open <案号> --title <案由> --counterpart <相对人> --unit <机构> --officer <姓名:证件号>… --opened-on <日期>
ctl-command-case-list = 列出案卷
    .usage = vaultctl case list [选项]
ctl-command-case-show = 显示案卷、卷内目录和所缺材料
    .usage = vaultctl case show <案号> [选项]
ctl-command-case-add = 归入资料或文书；归档后为补充材料，须说明理由
    .usage = vaultctl case add <案号> (--recording-id <编号> | --document <文件> --type <种类>) [选项]
    .more =
        种类：
        application  申请书
        acceptance  受理（不予受理）决定
        correction-notice  补正告知
        complaint-record  投诉举报登记
        opening-approval  立案审批表
        not-opened-notice  不予启动告知
        inquiry-record  询问笔录
        evidence-notice  调取证据通知书
        evidence-list  调取证据清单
        inspection-record  现场检查（勘验）笔录
        sampling-list  抽样物品清单
        registration-approval  先行登记保存证据审批表
        registration-notice  先行登记保存证据通知书
        registration-list  先行登记保存物品清单
        sealing-list  查封（扣押）清单
        expert-opinion  鉴定（评审）意见书
        no-recording-statement  未录制情况说明
        investigation-report  调查取证终结报告
        draft-decision  决定草拟记录
        legal-review-opinion  法制审核意见书
        expert-meeting  专家论证记录
        collective-discussion  集体讨论记录
        hearing-record  听证笔录
        statement-record  陈述申辩笔录
        leader-approval  负责人审批表
        summary-procedure-record  简易程序记录
        decision  行政执法决定书
        service-receipt  送达回证
        posting-receipt  邮寄送达凭证
        public-notice  公告
        correction-check  改正情况核查记录
        reminder  催告书
        enforcement-record  强制执行记录
        court-application  申请法院强制执行材料
        closing-report  结案报告
        other-opening  其他（程序启动）
        other-investigation  其他（调查取证）
        other-review-decision  其他（审查决定）
        other-service-execution  其他（送达执行）
ctl-command-case-end = 登记执行终结日期，三十日内归档
    .usage = vaultctl case end <案号> --on <日期> [选项]
ctl-command-case-close = 归档（档案员）；材料不齐须说明理由
    .usage = vaultctl case close <案号> [--note <说明>] [选项]
ctl-command-retention = 保管期限：每项理由、长期保存情形、冻结
    .usage = vaultctl retention <命令>
ctl-command-retention-show = 显示资料保管到何时及全部理由
    .usage = vaultctl retention show <编号> [选项]
ctl-command-retention-term = 设定案卷保管年数，0 为永久；只能延长
    .usage = vaultctl retention term <案号> --years <年数> --reason <理由>
ctl-command-retention-trigger = 认定长期保存情形
    .usage = vaultctl retention trigger <编号> --ground <情形> --reason <理由>
    .more =
        情形：
        decision-evidence  作为行政决定证据使用
        coercive-measure  采取行政强制措施
        dispute  发生矛盾纠纷事件
        objection-likely-suit  相对人有异议，可能引起投诉、上访或者复议、诉讼
        obstruction  逃避、拒绝、阻碍执法或者谩骂、侮辱、殴打执法人员
        mass-incident  群体性事件、突发事件
        other-long-term  其他需要长期保存的情况
        objection-on-site  对现场执法、办案有异议或者投诉
        evasion-or-abuse  逃避、拒绝、阻碍依法执行公务或者谩骂、侮辱、殴打
        other-important  其他需要长期保存的重要情况
ctl-command-retention-hold = 冻结资料或整个案卷
    .usage = vaultctl retention hold (<编号> | --of-case <案号>) --reason <理由>
ctl-command-retention-release = 解除他人设置的冻结
    .usage = vaultctl retention release <冻结编号> --reason <理由>
ctl-command-request = 申请调取；由谁审批由系统决定
    .usage = vaultctl request <编号>… --purpose <用途> --days <天数> [选项]
ctl-command-requests = 列出调取申请，或显示一份
    .usage = vaultctl requests [申请] [选项]
ctl-command-approve = 同意调取（主管领导或主要领导）
    .usage = vaultctl approve <申请> [--reason <理由>] [选项]
ctl-command-refuse = 不同意调取，须说明理由
    .usage = vaultctl refuse <申请> --reason <理由> [选项]
ctl-command-notice = 开具《调取证据通知书》，编号逐年连续
    .usage = vaultctl notice <申请> [选项]
ctl-command-sign = 签署通知书，或登记已签的扫描件
    .usage = vaultctl sign <申请> [--scan <文件>] [选项]
ctl-command-grant = 凭已签的通知书发放授权
    .usage = vaultctl grant <申请> [选项]
ctl-command-revoke = 撤回申请或授权；正在进行的读取两秒内中止
    .usage = vaultctl revoke <申请> --reason <理由> [选项]
ctl-command-copies = 一份资料的复制件：何时、给谁、凭哪份通知书
    .usage = vaultctl copies <编号> [选项]
ctl-command-export = 凭授权提供复制件：可离线验证的证据提供包
    .usage = vaultctl export [编号]… --grant <授权> --recipient <接收人> -o <目录或 .zip 文件>
ctl-command-form = 制作表单（PDF/A），供打印、签字、盖章
    .usage = vaultctl form <表单> <选项>
ctl-command-form-notice = 《调取证据通知书》，开具之后
    .usage = vaultctl form notice --request <申请> -o <文件> [选项]
ctl-command-form-preservation-list = 《证据登记保存清单》，列出本案全部资料
    .usage = vaultctl form preservation-list --case <案号> -o <文件> [选项]
ctl-command-form-custody-log = 保管链日志：一份资料在账本中的全部记录
    .usage = vaultctl form custody-log --recording <编号> -o <文件> [选项]
ctl-arg-part = 清单过长时分为几部分，制作第几部分
    .value = 序号
ctl-arg-about-recording = 资料编号，可只写开头几位
    .value = 编号
ctl-arg-form-output = 写入此文件（不覆盖已有文件）
    .value = 文件
ctl-arg-as = 以此账号的身份办理；须有口令
    .value = 账号
ctl-arg-password-file = 口令文件，第一行为口令；- 为标准输入
    .value = 文件
ctl-arg-code = 动态口令，账号设有时必填
    .value = 数字
ctl-arg-account = 登录名
    .value = 账号
ctl-arg-person = 姓名
    .value = 姓名
ctl-arg-unit = 承办机构或者所在部门
    .value = 部门
ctl-arg-roles = 角色，可写多个，以逗号分隔
    .value = 角色
ctl-arg-certificate = 执法证件号
    .value = 证件号
ctl-arg-outside = 部门以外的人员
ctl-arg-reason = 理由
    .value = 理由
ctl-arg-new-password-file = 新口令文件，第一行为口令；- 为标准输入
    .value = 文件
ctl-arg-case-number = 案号
    .value = 案号
ctl-arg-title = 案由
    .value = 案由
ctl-arg-officer = 执法人员，写作 姓名:证件号，至少两人
    .value = 姓名:证件号
ctl-arg-opened-on = 立案日期，如 2026-01-31
    .value = 日期
ctl-arg-recording-id = 归入此资料
    .value = 编号
ctl-arg-document = 归入此文书文件
    .value = 文件
ctl-arg-type = 文书种类
    .value = 种类
ctl-arg-document-title = 文书标题，不写即文件名
    .value = 标题
ctl-arg-on = 日期，如 2026-01-31
    .value = 日期
ctl-arg-years = 年数，0 为永久
    .value = 年数
ctl-arg-ground = 长期保存情形
    .value = 情形
ctl-arg-of-case = 冻结此案卷的全部内容
    .value = 案号
ctl-arg-hold = 冻结编号
    .value = 冻结编号
ctl-arg-purpose = 用途
    .value = 用途
ctl-arg-days = 授权天数
    .value = 天数
ctl-arg-copies = 要求复制的份数；不写即查阅
    .value = 份数
ctl-arg-stretch-from = 只要此时刻起，如 12:00
    .value = 时刻
ctl-arg-stretch-to = 到此时刻止
    .value = 时刻
ctl-arg-for-counterpart = 代行政相对人登记申请
    .value = 姓名或名称
ctl-arg-for-body = 代部门以外的单位登记申请
    .value = 单位
ctl-arg-for-person = 该单位的经办人
    .value = 姓名
ctl-arg-request = 申请编号，可只写开头几位
    .value = 申请
ctl-arg-scan = 已签通知书的扫描件
    .value = 文件
ctl-arg-recipient = 复制件的接收人
    .value = 接收人
ctl-arg-package = 写到此目录，或此 .zip 文件；须尚不存在
    .value = 位置
