# What vault-server says.
server-about = The evidence vault as a service: sign-in, uploads, case files, retrieval, copies, and the public part of the ledger
server-help-vault = the vault's directory
server-help-listen = where to listen; 127.0.0.1:8420 if not said
server-help-tls = self-made (a certificate made on the first run; the default), files (those of the configuration), off (plain, for trials or behind a proxy)
server-help-name = a name under which browsers come, with a port if need be; may be repeated
server-help-config = configuration file (TOML)
server-help-config-command = the configuration
server-help-config-check = checks the configuration and shows what holds, without starting anything
server-help-openapi = prints the description of the interface (OpenAPI 3.1)
server-feed-title = Publicity of decisions
server-feed-description = Decisions whose publication was approved and that stand
server-config-refused = The configuration cannot be used: { $name } = { $said }

reminder-todo = Evidence vault: { $count } things wait for you, { $late } of them late. { $link }
reminder-escalation = Evidence vault: { $count } things of your unit are late and not done. { $link }
reminder-subject = Evidence vault: reminder
reminder-test = Evidence vault: this is a trial message. { $link }
