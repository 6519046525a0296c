# vault-server 的说明。
server-about = 证据库服务：登录、上传、案卷、调取、复制，以及账本的公开部分
server-help-vault = 证据库目录
server-help-listen = 监听地址，默认 127.0.0.1:8420
server-help-tls = self-made（首次运行自制证书，默认）、files（使用配置中的证书）、off（明文，仅供试用或置于代理之后）
server-help-name = 浏览器访问时使用的名称（可带端口），可重复
server-help-config = 配置文件（TOML）
server-help-config-command = 配置
server-help-config-check = 检查配置并显示最终结果，不启动服务
server-help-openapi = 输出接口说明（OpenAPI 3.1）
server-feed-title = 行政执法公示
server-feed-description = 经审核同意公示、且仍然有效的行政执法决定信息
server-config-refused = 配置不能使用：{ $name } = { $said }

reminder-todo = 执法音像证据库：您有 { $count } 项待办，其中 { $late } 项已逾期。{ $link }
reminder-escalation = 执法音像证据库：本部门有 { $count } 项逾期未办，请督促办理。{ $link }
reminder-subject = 执法音像证据库待办提醒
reminder-test = 执法音像证据库：这是一条测试提醒。{ $link }
