# What vault-collect says.
collect-about = Collecting station: brings what recorders leave in a directory into the vault, by itself
collect-help-watch = watch a directory; files are brought in when they no longer change, and are only read, never deleted
collect-help-directory = the directory, with all below it
collect-help-server = the vault's service, as https://vault:8420
collect-help-token-file = a file whose first line is the token (made by vaultctl people token)
collect-help-certificate = the service's certificate (PEM); without it those the system trusts
collect-help-device = the number of the recorder these files come from
collect-help-journal = the file that notes what was delivered; without it .vault-collect.jsonl in the directory
collect-help-parallel = files on their way at once; 3 without it
collect-help-once = end when everything was delivered; exit code 3 where something was not
collect-help-json = a line of JSON for each file
collect-stored = stored  { $name }  { $bytes } bytes  { $recording }
collect-duplicate = already there  { $name }  { $bytes } bytes  { $recording }
collect-refused = not taken  { $name }: { $reason }
collect-later = not delivered, tried again later  { $name }: { $reason }
collect-failed = cannot begin: { $reason }
