# What vault-server says of itself.
server-about = The vault as a service: health, readiness, and the public part of the ledger
server-help-vault = Directory of the vault
server-help-listen = Address to listen on
