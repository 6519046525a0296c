# Help of vaultctl. ctl-command-… are commands, .usage their usage, .more what follows; ctl-arg-…
# are arguments, .value the name of their value.

ctl-heading-usage = Usage:
ctl-heading-commands = Commands
ctl-heading-arguments = Arguments
ctl-heading-options = Options

ctl-command-vaultctl = Operate an evidence vault for enforcement recordings
    .usage = vaultctl [OPTIONS] <COMMAND>
    .more =
        Exit codes: 0 done · 1 failed · 2 usage · 3 some items failed · 4 integrity mismatch
                    5 approval needed · 6 not found · 7 overdue · 10 not a vault · 11 locked
                    12 login failed · 75 try again · 130 interrupted
        Data goes to stdout, progress and logs to stderr. Usage of a command: vaultctl <COMMAND> --help
ctl-command-init = Make a vault: keys, catalogue, ledger and store
    .usage = vaultctl init [OPTIONS] <DIR>
    .more =
        Example: vaultctl init /srv/vault --key-copy /mnt/usb/vault-keys
        Keep at least one copy of the key store on another disk; without keys no recording can be recovered.
ctl-command-ingest = Take in recordings: files or whole directories; sources are not touched
    .usage = vaultctl ingest [OPTIONS] <PATH>... --case <NO> --counterpart <NAME> --handler <NAME> --activity <KIND>
    .more =
        Activities: inspection · complaint · evidence-taking · advance-registration · service
                    retained-service · posted-notice · coercive-measure · other
        Secrecy:    ordinary · privacy · trade-secret · state-secret (refused unless the vault is cleared for it)
        After an interruption, run the same command again to go on; the same content is not stored twice.
ctl-command-list = List the recordings
    .usage = vaultctl list [OPTIONS]
ctl-command-show = Show the facts, digests and chain of custody of a recording
    .usage = vaultctl show [OPTIONS] <ID>
ctl-command-read = Read a recording under a grant, verified block by block
    .usage = vaultctl read <ID> --grant <GRANT> [--range <A-B>] [-o <FILE>]
    .more = Nothing is read without approval; without a grant it is refused, on record (exit code 5).
ctl-command-verify = Read stored bytes again and check their integrity
    .usage = vaultctl verify [OPTIONS] [ID]...
    .more = Without an id, everything is checked. Damage is named by recording, class of bytes and range (exit code 4).
ctl-command-ledger = The ledger: sign a checkpoint, verify, prove, read events
    .usage = vaultctl ledger <COMMAND>
ctl-command-ledger-checkpoint = Verify, sign a checkpoint and print it
    .usage = vaultctl ledger checkpoint [OPTIONS]
    .more = Have a third party keep it: it proves later that the ledger was not rewritten.
ctl-command-ledger-verify = Derive the root of the ledger again and compare the catalogue
    .usage = vaultctl ledger verify [OPTIONS]
ctl-command-ledger-prove = Print the proof that an event is in the ledger (tlog-proof)
    .usage = vaultctl ledger prove <SEQ>
ctl-command-ledger-events = List the events of the ledger in order
    .usage = vaultctl ledger events [OPTIONS]
ctl-command-rebuild = Rebuild the catalogue from storage, ledger and keys alone
    .usage = vaultctl rebuild --from <DIR> --into <DIR>
ctl-command-dump = Print the whole catalogue, to compare before and after
    .usage = vaultctl dump
ctl-command-jobs = Jobs in the background: digests, scheduled fixity checks
    .usage = vaultctl jobs <COMMAND>
ctl-command-jobs-run = Do the jobs that are due, and end
    .usage = vaultctl jobs run [OPTIONS]
ctl-command-jobs-list = List waiting, running and failed jobs
    .usage = vaultctl jobs list [OPTIONS]
ctl-command-jobs-retry = Queue a failed job again
    .usage = vaultctl jobs retry <JOB>
ctl-command-doctor = Find what is wrong with this machine or vault, and the remedy
    .usage = vaultctl doctor [OPTIONS]

ctl-arg-help = Show help
ctl-arg-version = Show the version
ctl-arg-vault = Directory of the vault; or EVIDENCE_VAULT in the environment
    .value = DIR
ctl-arg-lang = Language: zh-CN or en; or EVIDENCE_VAULT_LANG in the environment; zh-CN by default
    .value = LANG
ctl-arg-json = Answer in JSON; long jobs one JSON document a line
ctl-arg-utc = Show times in UTC (Beijing time by default)
ctl-arg-directory = Directory of the vault; empty or new
    .value = DIR
ctl-arg-key-copy = Directory for a further copy of the key store, repeatable; choose another disk
    .value = DIR
ctl-arg-secrets = Directory for the vault key and the signing key (inside the vault by default)
    .value = DIR
ctl-arg-catalogue-url-file = Keep the catalogue in PostgreSQL; the file holds the address
    .value = FILE
ctl-arg-store = Store in an S3-compatible service: s3://bucket/prefix
    .value = ADDRESS
ctl-arg-s3-endpoint = Address of the S3 service (from the region by default)
    .value = URL
ctl-arg-s3-region = S3 region; required with --store
    .value = REGION
ctl-arg-s3-credentials = File with S3 credentials; required with --store
    .value = FILE
ctl-arg-source = Files or directories to take in
    .value = PATH
ctl-arg-case = Case number
    .value = NO
ctl-arg-counterpart = Name of the counterpart
    .value = NAME
ctl-arg-handler = Name of the handler
    .value = NAME
ctl-arg-activity = The activity recorded, see below
    .value = KIND
ctl-arg-device = Id of the recorder
    .value = ID
ctl-arg-maker = Who made the recording
    .value = NAME
ctl-arg-method = How it was made
    .value = TEXT
ctl-arg-proves = What it is to prove
    .value = TEXT
ctl-arg-secrecy = Class of secrecy, see below (ordinary by default)
    .value = CLASS
ctl-arg-jobs = How many at once (the number of processors by default)
    .value = N
ctl-arg-recording = Id of the recording (what b3sum prints), or its first digits
    .value = ID
ctl-arg-recordings = Ids of recordings, or their first digits; everything without one
    .value = ID
ctl-arg-only-recording = Only events of this recording
    .value = ID
ctl-arg-grant = Id of the grant
    .value = GRANT
ctl-arg-range = Range of bytes from 0, both ends included, as 0-1048575
    .value = A-B
ctl-arg-output = Write to this file (never overwritten); stdout by default
    .value = FILE
ctl-arg-all = Check every recording
ctl-arg-percent = Check only this part, longest unchecked first (1–100)
    .value = PERCENT
ctl-arg-keyless = Check the stored ciphertext without touching a key
ctl-arg-seq = Number of the event
    .value = SEQ
ctl-arg-from = Directory of the old vault; only read
    .value = DIR
ctl-arg-into = Rebuild into this directory; empty or new
    .value = DIR
ctl-arg-job = Id of the job
    .value = JOB
