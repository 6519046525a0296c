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
server-config-refused = The configuration cannot be used: { $name } = { $said }
