# What codes are called for people: details, activities, secrecy, events, classes of bytes, and
# the findings of doctor.

not-stated = not stated
fault-details = { " (" }{ $details })
fault-detail = { $label }: { $value }
fault-detail-joint = ;{ " " }

detail-act = act
detail-argument = argument
detail-article = article
detail-bytes = bytes
detail-case = case
detail-cause = the system says
detail-class = class of bytes
detail-count = count
detail-event = event
detail-expected = expected
detail-found = found
detail-from = first byte
detail-grant = grant
detail-index = index
detail-key = key
detail-kind = kind
detail-label = field
detail-length = length
detail-limit = limit
detail-line = line
detail-name = name
detail-needed = needed
detail-offset = offset
detail-path = path
detail-prefix = beginning of the id
detail-range = range
detail-reason = reason
detail-recording = recording
detail-role = role
detail-seq = number
detail-setting = setting
detail-size = size
detail-slot = key slot
detail-store = store
detail-to = end
detail-value = value
detail-version = version
detail-what = concerning

activity-inspection = daily inspection
activity-complaint = complaint handling
activity-evidence-taking = evidence taking
activity-advance-registration = advance registration and preservation
activity-service = service of documents
activity-retained-service = retained service
activity-posted-notice = posted notice
activity-coercive-measure = coercive measure
activity-other = other

secrecy-ordinary = ordinary
secrecy-privacy = personal privacy
secrecy-trade-secret = trade secret
secrecy-state-secret = state secret

event-vault-created = vault created
event-store-registered = store registered
event-recording-accessioned = recording accessioned
event-recording-duplicate-received = duplicate received
event-recording-digests-taken = digests taken
event-fixity-checked = fixity checked
event-act-refused = act refused

class-data = ciphertext
class-tags = authentication tags
class-table = digest tree
class-manifest = manifest
class-key = key
class-plain = content

role-operator = operator
role-system = system

reason-grant-needed = no grant
reason-person-needed = a named person has to do it

act-vault-initialise = begin a vault
act-store-register = register a store
act-intake-take-in = take recordings in
act-preservation-take-digests = take digests
act-preservation-check-fixity = check fixity
act-catalogue-read = look into the catalogue
act-ledger-read = look into the ledger
act-ledger-sign-checkpoint = sign a checkpoint
act-catalogue-rebuild = rebuild the catalogue
act-jobs-run = run jobs
act-access-read-recording = read a recording

what-another-recording = another recording
what-catalogue = catalogue
what-catalogue-not-empty = catalogue not empty
what-cipher-key = cipher key
what-data = data
what-database-address = database address
what-event = event
what-event-without-its-subject = event without its subject
what-extent = extent
what-frames = frames
what-integrity-check = integrity check
what-length = length
what-manifest = manifest
what-missing = missing
what-not-the-one-the-ledger-names = not the one the ledger names
what-payload = payload
what-random-numbers = random numbers
what-read-back = read back
what-schema-version = schema version
what-sealing = sealing
what-settings = settings
what-subject-of-an-event = subject of an event
what-writer-row = writer row
what-zstd = zstd

job-digests = digests
job-fixity = scheduled fixity

state-ready = waiting
state-running = running
state-done = done
state-failed = failed

level-ok = ok
level-warning = warning
level-problem = problem

doctor-not-a-vault = This directory is not an evidence vault: { $path }
    .next = Name the vault with --vault, or make one with vaultctl init DIR.
doctor-vault-opens = The vault opens
doctor-vault-fails = The vault does not open: { $what }
    .next = Remedy the cause named and run vaultctl doctor again.
doctor-vault-key = The vault key fits the key store
doctor-key-copies = The key store has { $count } sound copies
doctor-key-copies-few = Copies of the key store: only { $count }
    .next = Add a copy (--key-copy of vaultctl init) on another disk.
doctor-key-copy-damaged = A copy of the key store is damaged or missing: { $path }
    .next = Copy a sound one to its place, then run vaultctl verify --all.
doctor-key-copies-together = All copies of the key store lie on one disk
    .next = Move one copy to another disk or an offline medium, so that one broken disk does not take all keys.
doctor-store-writable = The store can be written
doctor-store-fails = The store cannot be written: { $what }
    .next = Check rights, mounts and the storage service, then run vaultctl doctor again.
doctor-store-create-only = The store refuses to overwrite
doctor-store-overwrites = The store does not refuse to overwrite; write-once (WORM) is not claimed
    .next = Where write-once is needed, use a service with create-only writes and object lock.
doctor-space = Space left: { $bytes }
doctor-space-low = Little space is left: { $bytes }
    .next = Add space soon; when it runs out, no recording can be taken in.
doctor-catalogue-settings = The settings of the catalogue are as required
doctor-catalogue-fails = The catalogue has a problem: { $what }
    .next = Restore the database service, or rebuild a damaged file with vaultctl rebuild.
doctor-ledger-agrees = The ledger agrees with its last checkpoint; events: { $count }
doctor-ledger-fails = The ledger has a problem: { $what }
    .next = Take in nothing and find out with vaultctl ledger verify.
doctor-checkpoint-missing = No checkpoint of the ledger has been signed yet
    .next = Run vaultctl ledger checkpoint, and have a third party keep the checkpoint.
doctor-fixity-due = Recordings due for a fixity check: { $count }
    .next = Run vaultctl jobs run, or vaultctl verify --all.
doctor-jobs-failed = Jobs that failed and wait for a person: { $count }
    .next = See them with vaultctl jobs list; once the cause is removed, vaultctl jobs retry ID.
doctor-staging-left = Unfinished intakes still in staging: { $count }
    .next = Run the same vaultctl ingest command to go on; old ones are cleaned up by themselves.
