# vault-server 的说明。
server-about = 证据库服务：健康检查、就绪检查和账本的公开部分
server-help-vault = 证据库目录
server-help-listen = 监听地址
