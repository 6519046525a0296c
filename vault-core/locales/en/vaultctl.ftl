# What vaultctl says while it runs.

ctl-error = Error: { $what }
ctl-error-why = {"  "}Why: { $why }
ctl-error-next = {"  "}Next: { $next }
ctl-output-failed = The result cannot be written ({ $cause })
ctl-stopping = Stopping cleanly, please wait … (Ctrl-C again ends at once)
ctl-killed = Ended at once. What was acknowledged is safe; run the same command again to go on.
ctl-vault-not-named = No vault is named: use --vault DIR, or set EVIDENCE_VAULT

ctl-usage-next = See --help for the usage, for example vaultctl ingest --help.
ctl-usage-no-command = No command is given
ctl-usage-unknown-command = There is no command { $command }
ctl-usage-unknown-command-near = There is no command { $command }; did you mean { $near }?
ctl-usage-unknown-argument = There is no argument { $argument }
ctl-usage-unknown-argument-near = There is no argument { $argument }; did you mean { $near }?
ctl-usage-missing = Required and missing: { $arguments }
ctl-usage-conflict = { $argument } cannot be used together with { $other }
ctl-usage-invalid-value = The value of { $argument } cannot be used: "{ $value }"

ctl-progress-left = left
ctl-progress-items = { $done }/{ $items }

ctl-column-recording = Recording
ctl-column-received = Received
ctl-column-bytes = Size
ctl-column-case = Case
ctl-column-counterpart = Counterpart
ctl-column-handler = Handler
ctl-column-activity = Activity
ctl-column-device = Device
ctl-column-maker = Maker
ctl-column-method = Method
ctl-column-proves = Proves
ctl-column-secrecy = Secrecy
ctl-column-name = Name
ctl-column-checked = Last checked
ctl-column-damaged = Damaged, see event
ctl-column-sha256 = SHA-256
ctl-column-sm3 = SM3
ctl-column-seq = Number
ctl-column-time = Time
ctl-column-event = Event
ctl-column-actor = Actor
ctl-column-role = Role
ctl-column-note = Note
ctl-event-refused = { $act }: { $reason }
ctl-event-damaged = damaged: { $count }
ctl-column-job = Job
ctl-column-job-kind = Kind
ctl-column-job-state = State
ctl-column-job-attempts = Attempts
ctl-column-job-due = Due
ctl-column-job-problem = Problem
ctl-size-exact = { $size } ({ $bytes } bytes)

ctl-init-done = The vault is made: { $path }
ctl-init-key-copy = Copy of the key store: { $path }
ctl-init-no-key-copy = Note: no copy of the key store was named (--key-copy). A broken disk would take keys and recordings together; make a copy soon.
ctl-init-keep-keys = Keep the keys in another safe place: without keys no recording can be recovered.
ctl-init-next = Next: vaultctl --vault { $path } ingest PATH --case NO --counterpart NAME --handler NAME --activity KIND

ctl-ingest-stored = stored     { $recording }  { $size }  { $path }
ctl-ingest-duplicate = duplicate  { $recording }  { $size }  { $path }
ctl-ingest-failed = failed     { $path }: { $what }
ctl-ingest-summary = Files: { $files }; stored { $stored }, duplicates { $duplicates }, failed { $failed }; { $size } in { $seconds } s

ctl-list-empty = There are no such recordings.
ctl-list-count = Recordings: { $count }
ctl-show-events = Chain of custody:
ctl-read-exists = The file exists and was not overwritten: { $path }; choose another name for -o
ctl-read-done = Written to { $path }; every block was verified.

ctl-verify-damaged = damaged  { $recording }  { $class }  from byte { $from } to { $to } (exclusive)
ctl-verify-summary = Checked: { $objects }, { $size } in { $seconds } s; damaged: { $failed }
ctl-verify-next = Damage was found: leave everything as it is and delete nothing; restore from a backup or another copy, and report it.

ctl-ledger-verified = The ledger is sound: { $size } events, root { $root }; the catalogue agrees with it.
ctl-rebuild-done = Rebuilt: recordings { $recordings }, events { $events }; digest of the content { $digest }
ctl-jobs-ran = Jobs done: { $done }; failed: { $failed }
ctl-jobs-none = There are no jobs.
ctl-jobs-retried = Job { $job } is queued again.
ctl-doctor-finding = [{ $level }] { $what }
