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
ctl-command-session = The files of one recording session, what is missing between them, and how they agree with a written record
    .usage = vaultctl session <ID> [--written-from <TIME> --written-to <TIME>] [options]
    .more = Example: vaultctl session 3fa9 --written-from 2026-01-15T09:30:00 --written-to 2026-01-15T10:10:00
ctl-command-transcribe = Has the configured speech engine listen; stores unchecked machine text
    .usage = vaultctl transcribe <ID>… [options]
    .more = The engine is configured in settings.toml in the vault's directory ([speech]); see docs/SETTINGS.md.
ctl-command-transcript = The text beside the sound: show, edit, check, import, export, missing
    .usage = vaultctl transcript <command>
ctl-command-transcript-show = Shows a version (the newest, or the one of --version)
    .usage = vaultctl transcript show [options] <ID>
ctl-command-transcript-edit = Corrects or types by hand, as a new version; the old one stays
    .usage = vaultctl transcript edit <ID> --cue <N> --text <TEXT> | --file <FILE>
    .more = --file takes WebVTT, SRT or plain text; - is standard input. Cues nobody touched keep their origin.
ctl-command-transcript-check = You vouch that a version agrees with the sound
    .usage = vaultctl transcript check <ID> --version <N>
ctl-command-transcript-import = Imports WebVTT, SRT or plain text as a new version
    .usage = vaultctl transcript import <ID> <FILE>
ctl-command-transcript-export = Exports WebVTT or plain text; its head says what made it and whether it was checked
    .usage = vaultctl transcript export <ID> [--format vtt|txt] [-o <FILE>]
ctl-command-transcript-missing = Lists recordings with sound and no checked text
    .usage = vaultctl transcript missing [options]
ctl-command-marker = Marks on the time line: scene, persons, objects, measures, service, other
    .usage = vaultctl marker <command>
ctl-command-marker-set = Sets a mark at a moment or over a stretch
    .usage = vaultctl marker set <ID> --kind <KIND> --at <TIME> [--to <TIME>] [--note <TEXT>]
    .more = Kinds: scene · persons · objects · measures · service · other
ctl-command-marker-remove = Takes a mark back (both stay in the ledger)
    .usage = vaultctl marker remove <MARKER>
ctl-command-search = Searches transcripts, labels and marks; gives the time of each hit
    .usage = vaultctl search [options] <WORD>
ctl-command-calendar = Working days by the State Council's notices, shifted ones included
    .usage = vaultctl calendar <COMMAND>
ctl-command-calendar-show = Festivals and shifted days of a year
    .usage = vaultctl calendar show [options] <YEAR>
ctl-command-calendar-deadline = The deadline so many working days after a day, with every day on the way
    .usage = vaultctl calendar deadline [options] <DATE> <DAYS>
ctl-command-calendar-import = bring the calendar of a year in; another confirms it
    .usage = vaultctl calendar import <FILE> [OPTIONS]
ctl-command-calendar-confirm = confirm what another brought in
    .usage = vaultctl calendar confirm <EDITION> [OPTIONS]
ctl-command-calendar-editions = what was brought in
    .usage = vaultctl calendar editions [OPTIONS]
ctl-arg-edition-file = the calendar of a year, in the form of docs/formats/calendar.md
    .value = FILE
ctl-arg-edition = number of the edition, or its beginning
    .value = EDITION
ctl-command-deadlines = What is to be done until when: recordings without labels, case files not closed; the most urgent first
    .usage = vaultctl deadlines [options]
ctl-command-read = Read a recording under a grant, verified block by block
    .usage = vaultctl read <ID> --grant <GRANT> [--range <A-B>] [-o <FILE>]
    .more = Nothing is read without approval; without a grant it is refused, on record (exit code 5).
ctl-command-verify = Read stored bytes again and check their integrity
    .usage = vaultctl verify [OPTIONS] [ID]...
    .more = Without an id, everything is checked. Damage is named by recording, class of bytes and range (exit code 4).
ctl-command-scrub = Read again what is due, oldest first, at the pace of the settings
    .usage = vaultctl scrub [OPTIONS] [COMMAND]
    .more = Without --for, what is due today. A stop loses nothing. Damage is named (exit code 4) and no longer served.
ctl-command-scrub-status = How far the reading is; exit code 7 if anything is past its period
    .usage = vaultctl scrub status [OPTIONS]
ctl-arg-for = Go on for so long, oldest first (90s, 15m, 8h, 2d)
    .value = DURATION
ctl-command-store = stores for copies: add, fill, read again, release
    .usage = vaultctl store <COMMAND>
ctl-command-store-add = add a store for copies: an empty directory on another drive, or an S3-compatible service
    .usage = vaultctl store add <NAME> (--in-directory <DIRECTORY> | --store <ADDRESS>) [OPTIONS]
    .more = What it enforces against overwriting and deletion is tried first and put on record.
ctl-command-store-status = what each store holds, lacks and has damaged, and whether there are copies enough
    .usage = vaultctl store status [OPTIONS]
    .more = Exit code 4 where something is damaged, 7 where there are too few copies.
ctl-command-store-fill = copy what it lacks; each copy is read back before it counts
    .usage = vaultctl store fill <NAME> [OPTIONS]
ctl-command-store-check = read all its copies again
    .usage = vaultctl store check <NAME> [OPTIONS]
ctl-command-store-propose-release = propose the release of a store; another person releases it
    .usage = vaultctl store propose-release <NAME> --reason <REASON> [OPTIONS]
ctl-command-store-release = release a store that another person proposed; its bytes are left as they are
    .usage = vaultctl store release <NAME> --reason <REASON> [OPTIONS]
    .more = Refused where too few good copies would be left.
ctl-command-repair = mend what is damaged from a good copy, fetching the damaged extents alone
    .usage = vaultctl repair <ID> [OPTIONS]
ctl-command-disc = volumes for long-term preservation: plan, build, shelve, read again
    .usage = vaultctl disc <COMMAND>
ctl-command-disc-plan = lay out by case what is on the list for long-term preservation and on no volume
    .usage = vaultctl disc plan --medium <MEDIUM> [OPTIONS]
ctl-command-disc-build = build the image of the first planned volume and read it back
    .usage = vaultctl disc build <IMAGE> --medium <MEDIUM> --label <LABEL> [OPTIONS]
    .more = The image is a BagIt bag on ISO 9660, readable without this program, with parity behind it. Not encrypted.
ctl-command-disc-list = all volumes; exit code 7 where one has no two copies in two places
    .usage = vaultctl disc list [OPTIONS]
ctl-command-disc-shelve = read a burnt copy to its end, compare it with the image, and put its place on record
    .usage = vaultctl disc shelve <IMAGE> --label <LABEL> --copy <COPY> --place <PLACE> [OPTIONS]
ctl-command-disc-check = read a copy again; damage is named, and what can be made whole is written to a new image
    .usage = vaultctl disc check <IMAGE> --label <LABEL> [OPTIONS]
ctl-command-disc-restore = bring recordings of a volume back into the store: all that are damaged or missing there, or these
    .usage = vaultctl disc restore <IMAGE> --label <LABEL> [RECORDING]... [OPTIONS]
ctl-arg-image = image file, or drive
    .value = IMAGE
ctl-arg-medium = medium: dvd, bd25, bd50, bd100, drive
    .value = MEDIUM
ctl-arg-label = label: letters, digits, hyphens
    .value = LABEL
ctl-arg-copy = which copy
    .value = COPY
ctl-arg-place = where it stands
    .value = PLACE
ctl-arg-recover = write the image made whole to this file
    .value = FILE
ctl-command-dispose = disposal after the term: proposed, approved by another, left alone, carried out
    .usage = vaultctl dispose <COMMAND>
ctl-command-dispose-candidates = recordings kept for as long as originals are, with everything that stands against their disposal
    .usage = vaultctl dispose candidates [OPTIONS]
ctl-command-dispose-propose = propose recordings for disposal
    .usage = vaultctl dispose propose <ID>... --reason <REASON> [OPTIONS]
ctl-command-dispose-list = all disposals
    .usage = vaultctl dispose list [OPTIONS]
ctl-command-dispose-show = one disposal, its steps and its recordings
    .usage = vaultctl dispose show <DISPOSAL> [OPTIONS]
ctl-command-dispose-approve = approve what another proposed; nothing is touched before the time of grace is over
    .usage = vaultctl dispose approve <DISPOSAL> --reason <REASON> [OPTIONS]
ctl-command-dispose-withdraw = take back a disposal that was not begun
    .usage = vaultctl dispose withdraw <DISPOSAL> --reason <REASON> [OPTIONS]
ctl-command-dispose-run = look a second time and carry out: keys first, then bytes in every store; nothing brings them back
    .usage = vaultctl dispose run <DISPOSAL> [OPTIONS]
    .more = Needs a checkpoint cosigned by a witness within 24 hours (vaultctl witness take).
ctl-command-inspection = inspection by lot: plan, approval, commitments, draw, review, findings, score
    .usage = vaultctl inspection <COMMAND>
ctl-command-inspection-plan = plan an inspection
    .usage = vaultctl inspection plan --basis <BASIS> --received-from <DATE> --received-to <DATE> --proportion <PERCENT> [--by <STRATUM>]... [OPTIONS]
ctl-command-inspection-approve = approve an inspection that another planned; inspectors may then read what is drawn
    .usage = vaultctl inspection approve <INSPECTION> --reason <REASON> [OPTIONS]
ctl-command-inspection-number = make a number and its commitment; touches no vault
    .usage = vaultctl inspection number <INSPECTION> --party <PARTY> [OPTIONS]
ctl-command-inspection-commit = bind a party by its commitment
    .usage = vaultctl inspection commit <INSPECTION> --party <PARTY> --commitment <COMMITMENT> [OPTIONS]
ctl-command-inspection-freeze = freeze the population, after both commitments
    .usage = vaultctl inspection freeze <INSPECTION> [OPTIONS]
ctl-command-inspection-reveal = open the number of a party, after the freeze
    .usage = vaultctl inspection reveal <INSPECTION> --party <PARTY> --number <NUMBER> [OPTIONS]
ctl-command-inspection-draw = draw the lots; prints all that is needed to recompute it
    .usage = vaultctl inspection draw <INSPECTION> [OPTIONS]
ctl-command-inspection-list = all inspections
    .usage = vaultctl inspection list [OPTIONS]
ctl-command-inspection-show = one inspection, its steps, lots and findings
    .usage = vaultctl inspection show <INSPECTION> [OPTIONS]
ctl-command-inspection-population = the frozen population, a line each: recording and stratum
    .usage = vaultctl inspection population <INSPECTION> [OPTIONS]
ctl-command-inspection-review = review a drawn recording
    .usage = vaultctl inspection review <INSPECTION> <RECORDING> --recorded <ANSWER> --uninterrupted <ANSWER> --handled <ANSWER> --watched <SECONDS> [OPTIONS]
ctl-command-inspection-find = state a finding
    .usage = vaultctl inspection find <INSPECTION> <RECORDING> --article <ARTICLE> --due <DATE> --note <NOTE> [OPTIONS]
ctl-command-inspection-correct = the unit says what it did about a finding
    .usage = vaultctl inspection correct <INSPECTION> <FINDING> --note <NOTE> [OPTIONS]
ctl-command-inspection-recheck = look again at what was put right
    .usage = vaultctl inspection recheck <INSPECTION> <FINDING> --note <NOTE> [--settled] [OPTIONS]
ctl-command-inspection-score = what it comes to for each stratum, for the yearly evaluation
    .usage = vaultctl inspection score <INSPECTION> [OPTIONS]
ctl-command-inspection-end = refuse, take back or end an inspection
    .usage = vaultctl inspection end <INSPECTION> --reason <REASON> [OPTIONS]
ctl-command-device = the register of devices: entered, taken out, returned, looked at, maintained, broken, retired
    .usage = vaultctl device <COMMAND>
ctl-command-device-add = enter a device
    .usage = vaultctl device add --number <NUMBER> --kind <KIND> --unit <UNIT> --keeper <NAME> [OPTIONS]
ctl-command-device-change = enter what changed; everything is said anew
    .usage = vaultctl device change <DEVICE> --number <NUMBER> --kind <KIND> --unit <UNIT> --keeper <NAME> [OPTIONS]
ctl-command-device-list = every device, and numbers that recordings name and no entry bears
    .usage = vaultctl device list [OPTIONS]
ctl-command-device-show = the steps of a device
    .usage = vaultctl device show <DEVICE> [OPTIONS]
ctl-command-device-take = take a device out after looking at it
    .usage = vaultctl device take <DEVICE> --user <NAME> --battery <PERCENT> --free-mib <COUNT> [OPTIONS]
ctl-command-device-return = bring a device back
    .usage = vaultctl device return <DEVICE> [OPTIONS]
ctl-command-device-check = say how a device was found
    .usage = vaultctl device check <DEVICE> --battery <PERCENT> --free-mib <COUNT> [OPTIONS]
ctl-command-device-maintain = say how it was maintained
    .usage = vaultctl device maintain <DEVICE> --note <NOTE> [OPTIONS]
ctl-command-device-break = enter that it does not work
    .usage = vaultctl device break <DEVICE> --note <NOTE> [OPTIONS]
ctl-command-device-mend = enter that it works again
    .usage = vaultctl device mend <DEVICE> --note <NOTE> [OPTIONS]
ctl-command-device-retire = enter that it is used no more
    .usage = vaultctl device retire <DEVICE> --note <NOTE> [OPTIONS]
ctl-command-statement = statements of what was not recorded: made and reported, answered by the superior
    .usage = vaultctl statement <COMMAND>
ctl-command-statement-make = state why something was not recorded, and report it
    .usage = vaultctl statement make --ground <GROUND> --activity <ACTIVITY> --on <DAY> --place <PLACE> --handler <NAME> --reason <REASON> --basis <BASIS> [OPTIONS]
ctl-command-statement-answer = answer as the superior: accepted, or not, with the reason
    .usage = vaultctl statement answer <STATEMENT> [--reject] [--note <NOTE>] [OPTIONS]
ctl-command-statement-list = every statement
    .usage = vaultctl statement list [OPTIONS]
ctl-command-statement-show = one statement
    .usage = vaultctl statement show <STATEMENT> [OPTIONS]
ctl-command-must-record = what has to be recorded: of one case all of it; of every case what was not
    .usage = vaultctl must-record [<CASE>] [OPTIONS]
ctl-command-lapse = the register of lapses: suspicions, raised, answered, closed
    .usage = vaultctl lapse <COMMAND>
ctl-command-lapse-suspicions = what the vault knows of and nobody raised yet
    .usage = vaultctl lapse suspicions [OPTIONS]
ctl-command-lapse-raise = raise a lapse
    .usage = vaultctl lapse raise --clause <ARTICLE> --unit <UNIT> --answer-by <DAY> --note <NOTE> [OPTIONS]
ctl-command-lapse-answer = answer a lapse
    .usage = vaultctl lapse answer <LAPSE> --note <NOTE> [OPTIONS]
ctl-command-lapse-close = close a lapse; not by who answered it
    .usage = vaultctl lapse close <LAPSE> [--upheld] --note <NOTE> [OPTIONS]
ctl-command-lapse-list = every lapse
    .usage = vaultctl lapse list [OPTIONS]
ctl-command-lapse-show = the steps of a lapse
    .usage = vaultctl lapse show <LAPSE> [OPTIONS]
ctl-command-review = legal review of major decisions: handed in, accepted, stopped, extended, opinion, objection, settled
    .usage = vaultctl review <COMMAND>
ctl-command-review-submit = hand the draft decision of a case in
    .usage = vaultctl review submit <CASE> --ground <ARTICLE>… --material <MATERIAL>… --note <REASONS> [OPTIONS]
ctl-command-review-not-needed = say that the decision of a case needs none
    .usage = vaultctl review not-needed <CASE> --note <REASON> [OPTIONS]
ctl-command-review-accept = the material is complete: the clocks run
    .usage = vaultctl review accept <REVIEW> [OPTIONS]
ctl-command-review-stop = stop the clocks: for more material or for experts
    .usage = vaultctl review stop <REVIEW> --for <CAUSE> --note <NOTE> [OPTIONS]
ctl-command-review-resume = let the clocks run again
    .usage = vaultctl review resume <REVIEW> [OPTIONS]
ctl-command-review-supplement = hand in more material
    .usage = vaultctl review supplement <REVIEW> --material <MATERIAL>… --note <NOTE> [OPTIONS]
ctl-command-review-extend = a leader adds five working days, once
    .usage = vaultctl review extend <REVIEW> --note <REASON> [OPTIONS]
ctl-command-review-opinion = give the opinion
    .usage = vaultctl review opinion <REVIEW> --opinion <OPINION> --note <NOTE> [OPTIONS]
ctl-command-review-object = object, within three working days
    .usage = vaultctl review object <REVIEW> --note <REASON> [OPTIONS]
ctl-command-review-settle = enter what the leaders decided
    .usage = vaultctl review settle <REVIEW> [--pass] --note <DECISION> [OPTIONS]
ctl-command-review-list = every review and its terms
    .usage = vaultctl review list [OPTIONS]
ctl-command-review-show = the steps of a review
    .usage = vaultctl review show <REVIEW> [OPTIONS]
ctl-arg-review = number of the review, or its beginning
    .value = REVIEW
ctl-arg-review-ground = what makes it a major one, may be repeated: public-interest, hearing, government-approval, disputed, prescribed, on-request (A2.22), revocation, sealing (A2.23)
    .value = ARTICLE
ctl-arg-material = material handed in, may be repeated: investigation-report, draft-and-reasons, evidence-and-basis, procedure, hearing-or-assessment, other
    .value = MATERIAL
ctl-arg-stop-cause = cause: supplement or experts
    .value = CAUSE
ctl-arg-opinion = opinion: agree, investigate, change, correct, transfer
    .value = OPINION
ctl-arg-pass = the decision may be made
ctl-arg-device-number = number of the device, as labels say it
    .value = NUMBER
ctl-arg-device-kind = kind: body-worn, camcorder, camera, voice-recorder, fixed-camera, other
    .value = KIND
ctl-arg-model = maker and model
    .value = MODEL
ctl-arg-serial = maker's number
    .value = NUMBER
ctl-arg-keeper = who keeps it
    .value = NAME
ctl-arg-check-days = days between checks (default 30)
    .value = DAYS
ctl-arg-maintenance-days = days between maintenance (default 180)
    .value = DAYS
ctl-arg-user = who takes it
    .value = NAME
ctl-arg-battery = charge, in percent
    .value = PERCENT
ctl-arg-free-mib = free memory, MiB
    .value = COUNT
ctl-arg-clock-off = seconds its clock is behind (ahead: negative); unfit beyond a minute
    .value = SECONDS
ctl-arg-unfit = found not fit for duty
ctl-arg-exemption = ground: explosion-hazard, secrecy, urgency, weather-or-failure
    .value = GROUND
ctl-arg-scene = where it was
    .value = PLACE
ctl-arg-evidence = what shows it: a notice, a warning, the entry of a broken device; never the secret itself
    .value = BASIS
ctl-arg-statement = number of the statement, or its beginning
    .value = STATEMENT
ctl-arg-reject = not accepted
ctl-arg-case-file = case number
    .value = CASE
ctl-arg-clause = item: record-not-made, record-leaked-gravely, record-tampered, record-lost-gravely, record-rules-gravely (A2.19), device-not-used, conduct, leaked, falsified, lost, device-rules-gravely (A3.16)
    .value = ARTICLE
ctl-arg-origin = source: finding, alarm, deadline, person
    .value = SOURCE
ctl-arg-suspicion = suspicion, from lapse suspicions
    .value = KEY
ctl-arg-concerned = person concerned
    .value = NAME
ctl-arg-answer-by = last day to answer, such as 2026-12-31
    .value = DAY
ctl-arg-lapse = number of the lapse, or its beginning
    .value = LAPSE
ctl-arg-upheld = upheld
ctl-arg-basis = basis, people, way
    .value = BASIS
ctl-arg-received-from = received on this day or later
    .value = DATE
ctl-arg-received-to = received on this day or before
    .value = DATE
ctl-arg-proportion = percent drawn of each stratum, two decimals at most; rounded up
    .value = PERCENT
ctl-arg-minimum = at least so many of each stratum, 1 by default
    .value = COUNT
ctl-arg-by = divide by, repeatable: unit, handler, activity, device
    .value = STRATUM
ctl-arg-inspection = number of an inspection, or its beginning (number takes all of it)
    .value = INSPECTION
ctl-arg-party = party: inspector or inspected
    .value = PARTY
ctl-arg-commitment = commitment, 64 hex digits
    .value = COMMITMENT
ctl-arg-number = number, 64 hex digits
    .value = NUMBER
ctl-arg-recorded = was recorded what had to be: yes, no, none
    .value = ANSWER
ctl-arg-uninterrupted = is it without interruption: yes, no, none
    .value = ANSWER
ctl-arg-handled = was it handed over, kept and used as prescribed: yes, no, none
    .value = ANSWER
ctl-arg-watched = seconds really watched or heard
    .value = SECONDS
ctl-arg-article = article it goes against, as A3.8
    .value = ARTICLE
ctl-arg-from-second = from this second
    .value = SECONDS
ctl-arg-to-second = to this second
    .value = SECONDS
ctl-arg-due = last day to put it right, as 2026-12-31
    .value = DATE
ctl-arg-finding = number of a finding, or its beginning
    .value = FINDING
ctl-arg-settled = it is put right
ctl-command-witness = a witness: signs on another machine when it saw a checkpoint
    .usage = vaultctl witness <COMMAND>
ctl-command-witness-init = make the key of a witness and print its public half
    .usage = vaultctl witness init <KEY-FILE> --witness-name <NAME>
ctl-command-witness-key = print the public half
    .usage = vaultctl witness key <KEY-FILE>
ctl-command-witness-cosign = sign when the checkpoint was seen; refused for a ledger that became shorter or was rewritten
    .usage = vaultctl witness cosign <KEY-FILE> <CHECKPOINT-FILE>
ctl-command-witness-take = take in a checkpoint that a witness signed
    .usage = vaultctl witness take <CHECKPOINT-FILE> [OPTIONS]
ctl-arg-free-only = only what may be disposed of
ctl-arg-disposal = number of a disposal, or its beginning
    .value = DISPOSAL
ctl-arg-key-file = file with the key of the witness
    .value = KEY-FILE
ctl-arg-witness-name = name of the witness, without spaces
    .value = NAME
ctl-arg-checkpoint-file = file with a checkpoint
    .value = CHECKPOINT-FILE
ctl-arg-store-name = name of the store for copies
    .value = NAME
ctl-arg-in-directory = an empty directory, on another drive
    .value = DIRECTORY
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
ctl-arg-written-from = begin as the written record says
    .value = TIME
ctl-arg-written-to = end as the written record says
    .value = TIME
ctl-arg-transcript-version = number of the version
    .value = N
ctl-arg-cue = number of the cue (the # column of transcript show)
    .value = N
ctl-arg-text = its text; an empty text takes the cue out
    .value = TEXT
ctl-arg-speaker = its speaker
    .value = NAME
ctl-arg-file = a file with the whole text
    .value = FILE
ctl-arg-captions = a file of WebVTT, SRT or plain text; - is standard input
    .value = FILE
ctl-arg-format = format: vtt or txt
    .value = FORMAT
ctl-arg-kind = kind of the mark
    .value = KIND
ctl-arg-at = when, as 1:30 or 90.5 (seconds)
    .value = TIME
ctl-arg-to = until when
    .value = TIME
ctl-arg-note = a note
    .value = TEXT
ctl-arg-marker = id of the mark (see show)
    .value = MARKER
ctl-arg-word = the words to find
    .value = WORD
ctl-arg-year = the year
    .value = <YEAR>
ctl-arg-date = the day it is counted from, as 2026-09-30; the next one is the first
    .value = <DATE>
ctl-arg-working-days = working days, 1 to 250
    .value = <DAYS>
ctl-arg-limit = how many hits at most
    .value = N
ctl-arg-after = go on behind this hit
    .value = N
ctl-arg-recorded-at = declared begin of the recording, as 2026-01-15T09:30:00
    .value = TIME
ctl-arg-clock-offset = seconds the device's clock was behind (negative: ahead)
    .value = SECONDS
ctl-arg-no-examine = leave the examination of media to jobs run

ctl-command-people = people: accounts, roles, passwords
    .usage = vaultctl people <COMMAND>
ctl-command-people-add = propose an account; after the first set-up another person confirms it
    .usage = vaultctl people add <ACCOUNT> --person <NAME> --unit <UNIT> --roles <ROLE>… [OPTIONS]
    .more =
        Roles:
        custodian  custodian
        handler  handler
        in-charge  leader in charge
        principal  principal leader
        archivist  archivist
        inspector  inspector
        device-manager  device manager
        station  collecting station
        recipient  outside recipient
        system-administrator  system administrator
        security-administrator  security administrator
        audit-administrator  audit administrator
ctl-command-people-list = list accounts, roles and what waits for confirmation
    .usage = vaultctl people list [OPTIONS]
ctl-command-people-roles = propose other roles; another person confirms them
    .usage = vaultctl people roles <ACCOUNT> --roles <ROLE>… [OPTIONS]
    .more =
        Roles:
        custodian  custodian
        handler  handler
        in-charge  leader in charge
        principal  principal leader
        archivist  archivist
        inspector  inspector
        device-manager  device manager
        station  collecting station
        recipient  outside recipient
        system-administrator  system administrator
        security-administrator  security administrator
        audit-administrator  audit administrator
ctl-command-people-confirm = confirm what another person proposed
    .usage = vaultctl people confirm <ACCOUNT> [OPTIONS]
ctl-command-people-disable = disable an account at once; it stays on record
    .usage = vaultctl people disable <ACCOUNT> --reason <REASON> [OPTIONS]
ctl-command-people-password = set a password; one that another person set serves only to set one's own
    .usage = vaultctl people password <ACCOUNT> [--new-password-file <FILE>] [OPTIONS]
ctl-command-people-one-time-code = make a key for one-time codes; it is shown once
    .usage = vaultctl people one-time-code <ACCOUNT> [OPTIONS]
ctl-command-people-token = make a token for a collecting station, shown once; the one before ends
    .usage = vaultctl people token <account> [options]
ctl-command-case = case files: open, fill, contents, close
    .usage = vaultctl case <COMMAND>
ctl-command-case-open = open a case file; two officers at least
    .usage = vaultctl case open <CASE> --title <TITLE> --counterpart <NAME> --unit <UNIT> --officer <NAME:CERTIFICATE>… --opened-on <DATE>
ctl-command-case-list = list case files
    .usage = vaultctl case list [OPTIONS]
ctl-command-case-show = show a case file, its contents and what it lacks
    .usage = vaultctl case show <CASE> [OPTIONS]
ctl-command-case-add = file a recording or a written record; after the closing an addendum, with its reason
    .usage = vaultctl case add <CASE> (--recording-id <ID> | --document <FILE> --type <TYPE>) [OPTIONS]
    .more =
        Types:
        application  application
        acceptance  acceptance or refusal
        correction-notice  notice of correction
        complaint-record  complaint record
        opening-approval  approval of opening
        not-opened-notice  notice of not opening
        inquiry-record  record of inquiry
        evidence-notice  notice of evidence retrieval
        evidence-list  list of evidence
        inspection-record  record of inspection
        sampling-list  list of samples
        registration-approval  approval of advance registration
        registration-notice  notice of advance registration
        registration-list  list of advance registration
        sealing-list  list of sealed or seized property
        expert-opinion  expert opinion
        no-recording-statement  no-recording statement
        investigation-report  report of investigation
        draft-decision  draft of the decision
        legal-review-opinion  opinion of legal review
        expert-meeting  minutes of experts
        collective-discussion  minutes of discussion
        hearing-record  record of hearing
        statement-record  record of statement and defence
        leader-approval  approval of the leader
        summary-procedure-record  record of summary procedure
        decision  decision
        service-receipt  receipt of service
        posting-receipt  receipt of posting
        public-notice  public notice
        correction-check  check of correction
        reminder  reminder
        enforcement-record  record of enforcement
        court-application  application to court
        closing-report  closing report
        other-opening  other (opening)
        other-investigation  other (investigation)
        other-review-decision  other (review and decision)
        other-service-execution  other (service and execution)
ctl-command-case-end = say when the enforcement ended; the file is closed within thirty days
    .usage = vaultctl case end <CASE> --on <DATE> [OPTIONS]
ctl-command-case-close = close the file (archivist); what it lacks must be explained
    .usage = vaultctl case close <CASE> [--note <NOTE>] [OPTIONS]
ctl-command-retention = retention: every reason, long-term grounds, holds
    .usage = vaultctl retention <COMMAND>
ctl-command-retention-show = show until when a recording is kept, and every reason
    .usage = vaultctl retention show <ID> [OPTIONS]
ctl-command-retention-term = set the term of a case file in years, 0 for ever; it can only grow
    .usage = vaultctl retention term <CASE> --years <YEARS> --reason <REASON>
ctl-command-retention-trigger = find a ground for long-term preservation
    .usage = vaultctl retention trigger <ID> --ground <GROUND> --reason <REASON>
    .more =
        Grounds:
        decision-evidence  evidence of a decision
        coercive-measure  coercive measure
        dispute  dispute
        objection-likely-suit  objection likely to lead to complaint or suit
        obstruction  evasion, obstruction or abuse
        mass-incident  mass or sudden incident
        other-long-term  other need of long-term preservation
        objection-on-site  objection or complaint on site
        evasion-or-abuse  evasion, refusal or abuse of officers
        other-important  other important case
ctl-command-retention-hold = place a hold on a recording or a whole case file
    .usage = vaultctl retention hold (<ID> | --of-case <CASE>) --reason <REASON>
ctl-command-retention-release = release a hold that another person placed
    .usage = vaultctl retention release <HOLD> --reason <REASON>
ctl-command-request = ask for recordings; whose consent it takes is the system's answer
    .usage = vaultctl request <ID>… --purpose <PURPOSE> --days <DAYS> [OPTIONS]
ctl-command-requests = list requests, or show one
    .usage = vaultctl requests [REQUEST] [OPTIONS]
ctl-command-approve = consent to a request (leader in charge or principal leader)
    .usage = vaultctl approve <REQUEST> [--reason <REASON>] [OPTIONS]
ctl-command-refuse = refuse a request, with the reason
    .usage = vaultctl refuse <REQUEST> --reason <REASON> [OPTIONS]
ctl-command-notice = make out the notice of evidence retrieval, numbered without gaps in a year
    .usage = vaultctl notice <REQUEST> [OPTIONS]
ctl-command-sign = sign the notice, or file the scan of the signed one
    .usage = vaultctl sign <REQUEST> [--scan <FILE>] [OPTIONS]
ctl-command-grant = give the grant on a signed notice
    .usage = vaultctl grant <REQUEST> [OPTIONS]
ctl-command-revoke = take a request or grant back; readings under way stop within two seconds
    .usage = vaultctl revoke <REQUEST> --reason <REASON> [OPTIONS]
ctl-command-copies = the copies of a recording that left: when, to whom, under which notice
    .usage = vaultctl copies <ID> [OPTIONS]
ctl-command-export = hand out a copy under a grant: a package that proves itself offline
    .usage = vaultctl export [ID]… --grant <GRANT> --recipient <NAME> -o <DIRECTORY or .zip FILE>
ctl-command-form = make a form (PDF/A) to be printed, signed and sealed
    .usage = vaultctl form <FORM> <OPTIONS>
ctl-command-form-notice = the notice of evidence retrieval, once it is made out
    .usage = vaultctl form notice --request <REQUEST> -o <FILE> [OPTIONS]
ctl-command-form-preservation-list = the evidence registration and preservation list of a case
    .usage = vaultctl form preservation-list --case <NO> -o <FILE> [OPTIONS]
ctl-command-form-custody-log = the chain of custody: every entry of the ledger about a recording
    .usage = vaultctl form custody-log --recording <ID> -o <FILE> [OPTIONS]
ctl-arg-part = which part of a list that is too long for one form
    .value = N
ctl-arg-about-recording = id of the recording, or its first digits
    .value = ID
ctl-arg-form-output = write to this file (never overwritten)
    .value = FILE
ctl-arg-as = act with this account; its password is asked for
    .value = ACCOUNT
ctl-arg-password-file = file whose first line is the password; - for standard input
    .value = FILE
ctl-arg-code = one-time code, where the account has a key for it
    .value = DIGITS
ctl-arg-account = name to sign in with
    .value = ACCOUNT
ctl-arg-person = the person's name
    .value = NAME
ctl-arg-unit = the unit
    .value = UNIT
ctl-arg-roles = roles, several with commas between
    .value = ROLE
ctl-arg-certificate = number of the officer's certificate
    .value = NUMBER
ctl-arg-outside = somebody outside the department
ctl-arg-reason = the reason
    .value = REASON
ctl-arg-new-password-file = file whose first line is the new password; - for standard input
    .value = FILE
ctl-arg-case-number = case number
    .value = CASE
ctl-arg-title = what the case is about
    .value = TITLE
ctl-arg-officer = officer as name:certificate, two at least
    .value = NAME:CERTIFICATE
ctl-arg-opened-on = day the case was opened, as 2026-01-31
    .value = DATE
ctl-arg-recording-id = file this recording
    .value = ID
ctl-arg-document = file this written record
    .value = FILE
ctl-arg-type = type of the written record
    .value = TYPE
ctl-arg-document-title = title of the written record; its file name if left out
    .value = TITLE
ctl-arg-on = day, as 2026-01-31
    .value = DATE
ctl-arg-years = years, 0 for ever
    .value = YEARS
ctl-arg-ground = ground for long-term preservation
    .value = GROUND
ctl-arg-of-case = hold everything in this case file
    .value = CASE
ctl-arg-hold = number of the hold
    .value = HOLD
ctl-arg-purpose = what for
    .value = PURPOSE
ctl-arg-days = for how many days
    .value = DAYS
ctl-arg-copies = how many copies; viewing if left out
    .value = COPIES
ctl-arg-stretch-from = only from this moment, as 12:00
    .value = TIME
ctl-arg-stretch-to = to this moment
    .value = TIME
ctl-arg-for-counterpart = register the request of the counterpart
    .value = NAME
ctl-arg-for-body = register the request of a body outside the department
    .value = BODY
ctl-arg-for-person = the person of that body
    .value = NAME
ctl-arg-request = number of the request, or its beginning
    .value = REQUEST
ctl-arg-scan = scan of the signed notice
    .value = FILE
ctl-arg-recipient = who receives the copy
    .value = NAME
ctl-arg-package = write to this directory, or .zip file; it must not exist yet
    .value = PLACE
