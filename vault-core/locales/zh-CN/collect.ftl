# vault-collect 的说明与输出。
collect-about = 采集工作站：把记录设备留在目录中的文件自动送入证据库
collect-help-watch = 看守一个目录，文件停止变化后即送入；只读取，从不删除
collect-help-directory = 目录，其下各级目录都看
collect-help-server = 证据库服务地址，如 https://证据库:8420
collect-help-token-file = 令牌文件，第一行为令牌（vaultctl people token 生成）
collect-help-certificate = 服务的证书（PEM）；不给则用系统信任的证书
collect-help-device = 这些文件出自的设备编号
collect-help-journal = 送达记录文件；默认在该目录内，名为 .vault-collect.jsonl
collect-help-parallel = 同时送几个文件，默认 3
collect-help-once = 全部送达后退出；有未送达的，退出码为 3
collect-help-json = 每个文件输出一行 JSON
collect-stored = 已入库　{ $name }　{ $bytes } 字节　{ $recording }
collect-duplicate = 库中已有　{ $name }　{ $bytes } 字节　{ $recording }
collect-refused = 未收　{ $name }：{ $reason }
collect-later = 未送达，稍后再送　{ $name }：{ $reason }
collect-failed = 不能开始：{ $reason }
