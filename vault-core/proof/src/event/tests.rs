use super::*;
use crate::id::RecordId;

fn id(byte: u8) -> ContentId {
    ContentId::from_bytes([byte; 32])
}

fn bodies() -> Vec<Body> {
    let damage = Damage { recording: id(1), class: "data".into(), from: 0, to: 262_144 };
    vec![
        Body::VaultCreated { vault: "v".into(), format: 1, checkpoint_key: "k".into() },
        Body::StoreRegistered { store: "local".into(), create_only: true, object_lock: false },
        Body::RecordingAccessioned {
            recording: id(1),
            bytes: 5,
            manifest: id(2),
            activity: "other".into(),
            secrecy: "ordinary".into(),
        },
        Body::DuplicateReceived {
            recording: id(1),
            activity: "other".into(),
            secrecy: "ordinary".into(),
        },
        Body::DigestsTaken { recording: id(1), bytes: 5, sha256: "a".into(), sm3: "b".into() },
        Body::FixityChecked { keyless: true, bytes: 5, failed: vec![damage] },
        Body::ActRefused { act: "access.read".into(), reason: "r".into(), article: "A3.15".into() },
    ]
    .into_iter()
    .chain(media_bodies().into_iter().map(Body::Media))
    .chain(people_bodies().into_iter().map(Body::People))
    .chain(case_bodies().into_iter().map(Body::Case))
    .chain(retention_bodies().into_iter().map(Body::Retention))
    .chain(access_bodies().into_iter().map(Body::Access))
    .chain(intake_bodies())
    .chain(keeping_bodies().into_iter().map(Body::Keeping))
    .chain(backup_bodies().into_iter().map(Body::Backup))
    .chain(disposal_bodies().into_iter().map(Body::Disposal))
    .chain(volume_bodies().into_iter().map(Body::Volume))
    .chain(inspection_bodies().into_iter().map(Body::Inspection))
    .chain(oversight_bodies().into_iter().map(Body::Oversight))
    .collect()
}

fn intake_bodies() -> Vec<Body> {
    let request = RecordId::from_bytes([9; 16]);
    let (object, manifest) = (id(3), id(4));
    vec![
        Body::RecordingLabelled {
            recording: id(1),
            activity: "inspection".into(),
            secrecy: "privacy".into(),
        },
        Body::Access(AccessBody::CopyKept { request, copy: 1, object, bytes: 5, manifest }),
        Body::Access(AccessBody::CopyCollected { request, copy: 1, way: "code".into() }),
    ]
}

fn backup_bodies() -> Vec<BackupBody> {
    let backup = RecordId::from_bytes([21; 16]);
    let damage = Damage { recording: id(1), class: "data".into(), from: 0, to: 5 };
    vec![
        BackupBody::Made { backup, events: 9, objects: 3, bytes: 5_000, list: id(4) },
        BackupBody::Rehearsed {
            backup,
            objects: 2,
            bytes: 700,
            milliseconds: 1_500,
            failed: vec![damage],
        },
        BackupBody::Restored { backup, events: 9, brought: 3, missing: 0 },
        BackupBody::Recovered { events: 9, lost: vec![format!("12 {}", "00".repeat(32))] },
    ]
}

fn disposal_bodies() -> Vec<DisposalBody> {
    let disposal = RecordId::from_bytes([11; 16]);
    vec![
        DisposalBody::Proposed { disposal, recordings: vec![id(1), id(2)] },
        DisposalBody::Approved { disposal, not_before_ms: 1_793_534_400_000 },
        DisposalBody::Withdrawn { disposal },
        DisposalBody::Begun { disposal, recordings: vec![id(1)], spared: vec![id(2)] },
        DisposalBody::CarriedOut {
            disposal,
            objects: 3,
            bytes: 5,
            stores: vec!["main".into()],
            volumes: vec!["JL-2026-0001".into()],
        },
        DisposalBody::Recorded { disposal, year: 2026, number: 1, digest: id(3) },
    ]
}

fn numbered_form_bodies() -> Vec<OversightBody> {
    let form = RecordId::from_bytes([20; 16]);
    vec![
        OversightBody::FormIssued {
            form,
            kind: "preservation-list".into(),
            year: 2026,
            number: 1,
            digest: id(3),
            sha256: "ab".repeat(32),
            recordings: vec![id(1)],
        },
        OversightBody::FormSigned { form, side: "receives".into(), way: "paper".into() },
        OversightBody::FormVoided { form },
    ]
}

fn term_bodies() -> Vec<OversightBody> {
    let term = RecordId::from_bytes([24; 16]);
    let edition = RecordId::from_bytes([19; 16]);
    vec![
        OversightBody::TermMissed {
            term,
            due_kind: "label".into(),
            since: "2026-09-25".into(),
            due: "2026-09-29".into(),
            recordings: vec![id(1)],
        },
        OversightBody::TermExplained { term },
        OversightBody::TermMoved {
            term,
            due_kind: "close-case".into(),
            from: "2027-01-01".into(),
            due: "2027-01-04".into(),
            edition,
            recordings: Vec::new(),
        },
    ]
}

fn oversight_bodies() -> Vec<OversightBody> {
    let device = RecordId::from_bytes([15; 16]);
    let statement = RecordId::from_bytes([16; 16]);
    let lapse = RecordId::from_bytes([17; 16]);
    let review = RecordId::from_bytes([18; 16]);
    let edition = RecordId::from_bytes([19; 16]);
    let publicity = RecordId::from_bytes([20; 16]);
    let annual = RecordId::from_bytes([21; 16]);
    let mut bodies = numbered_form_bodies();
    bodies.extend([
        OversightBody::DeviceRegistered { device },
        OversightBody::DeviceTakenOut { device },
        OversightBody::DeviceReturned { device },
        OversightBody::DeviceChecked { device, passed: true },
        OversightBody::DeviceMaintained { device },
        OversightBody::DeviceBroken { device },
        OversightBody::DeviceMended { device },
        OversightBody::DeviceRetired { device },
        OversightBody::StatementMade {
            statement,
            ground: "urgency".into(),
            activity: "inspection".into(),
        },
        OversightBody::StatementAnswered { statement, accepted: true },
        OversightBody::LapseRaised {
            lapse,
            clause: "A3.16(五)".into(),
            source: "alarm".into(),
            recordings: vec![id(1)],
        },
        OversightBody::LapseAnswered { lapse },
        OversightBody::LapseClosed { lapse, upheld: true },
        OversightBody::ReviewNotNeeded { review },
        OversightBody::ReviewSubmitted {
            review,
            grounds: vec!["A2.23(一)".into()],
            materials: vec!["draft-decision".into()],
        },
        OversightBody::ReviewAccepted { review },
        OversightBody::ReviewStopped { review, cause: "experts".into() },
        OversightBody::ReviewResumed { review, materials: Vec::new() },
        OversightBody::ReviewExtended { review },
        OversightBody::ReviewOpinionGiven { review, opinion: "agree".into() },
        OversightBody::ReviewObjected { review },
        OversightBody::ReviewSettled { review, passed: true },
        OversightBody::PublicityDrafted { publicity, kind: "penalty".into(), publish: true },
        OversightBody::PublicityDecided { publicity, approved: true },
        OversightBody::PublicityPublished { publicity, places: vec!["portal".into()] },
        OversightBody::PublicityRevoked { publicity, cause: "revoked".into() },
        OversightBody::PublicityWithdrawn { publicity },
        OversightBody::PublicityTakeDownAsked { publicity },
        OversightBody::PublicityTakeDownDecided { publicity, approved: true },
        OversightBody::PublicityTakenDown { publicity },
        OversightBody::AnnualFrozen { annual, year: 2026 },
        OversightBody::AnnualDecided { annual, approved: true },
        OversightBody::AnnualHandedOn { annual },
        OversightBody::CalendarProposed { edition, year: 2027 },
        OversightBody::CalendarConfirmed { edition },
    ]);
    bodies.extend(term_bodies());
    bodies
}

fn inspection_bodies() -> Vec<InspectionBody> {
    let inspection = RecordId::from_bytes([13; 16]);
    let finding = RecordId::from_bytes([14; 16]);
    let (party, recording) = ("inspector".to_owned(), id(1));
    let digest = "00".repeat(32);
    vec![
        InspectionBody::ActsListed {
            inspection,
            stratum: 1,
            acts: vec!["statement:10101010101010101010101010101010".into()],
        },
        InspectionBody::ActsSelected { inspection, acts: vec!["case:11".into()] },
        InspectionBody::Served { inspection, recording, from: 0, to: 5, of: 9 },
        InspectionBody::Watched { inspection, recording, ranges: vec!["0-5".into()] },
        InspectionBody::Checked {
            inspection,
            recording,
            door: "yes".into(),
            credentials: "yes".into(),
            subjects: "none".into(),
            uninterrupted: "no".into(),
            times: "yes".into(),
        },
        InspectionBody::ActReviewed { inspection, act: "case:11".into(), lacking: "yes".into() },
        InspectionBody::ActFound {
            inspection,
            finding,
            act: "case:11".into(),
            article: "A3.4".into(),
            due: "2026-12-31".into(),
        },
        InspectionBody::Planned {
            inspection,
            proportion: 500,
            minimum: 1,
            strata: vec!["handler".into(), "activity".into()],
            from_ms: 0,
            to_ms: 5,
        },
        InspectionBody::Approved { inspection },
        InspectionBody::Committed { inspection, party: party.clone(), commitment: digest.clone() },
        InspectionBody::Listed { inspection, stratum: 0, recordings: vec![id(1), id(2)] },
        InspectionBody::Frozen { inspection, items: 2, population: digest.clone() },
        InspectionBody::Revealed { inspection, party, number: digest.clone() },
        InspectionBody::Drawn { inspection, root: digest.clone(), seed: digest, items: 1 },
        InspectionBody::Selected { inspection, recordings: vec![id(1)] },
        InspectionBody::Read { inspection, recording, from: 0, to: 5 },
        InspectionBody::Reviewed {
            inspection,
            recording,
            recorded: "yes".into(),
            uninterrupted: "no".into(),
            handled: "none".into(),
            watched_ms: 5,
        },
        InspectionBody::Found {
            inspection,
            finding,
            recording,
            article: "A3.8".into(),
            from_ms: 0,
            to_ms: 5,
            due: "2026-01-31".into(),
        },
        InspectionBody::Corrected { inspection, finding },
        InspectionBody::Rechecked { inspection, finding, settled: true },
        InspectionBody::Ended { inspection },
    ]
}

fn volume_bodies() -> Vec<VolumeBody> {
    let volume = RecordId::from_bytes([12; 16]);
    vec![
        VolumeBody::Built {
            volume,
            label: "JL-2026-0001".into(),
            medium: "bd25".into(),
            bytes: 5,
            image: id(3),
        },
        VolumeBody::Filled { volume, recordings: vec![id(1)] },
        VolumeBody::Shelved { volume, copy: 1 },
        VolumeBody::Checked {
            volume,
            copy: 1,
            damaged_bytes: 2_048,
            readable: false,
            lost: vec![id(1)],
        },
        VolumeBody::Restored { volume, recording: id(1) },
        VolumeBody::Encrypted { volume, recipients: vec!["age1".into()] },
        VolumeBody::Migrated { volume, source: RecordId::from_bytes([21; 16]) },
        VolumeBody::Burnt {
            volume,
            copy: 1,
            target: "drive".into(),
            result: "differs".into(),
            differing_bytes: 1,
        },
        VolumeBody::ReleaseProposed { volume, copy: 1 },
        VolumeBody::CopyReleased { volume, copy: 1 },
        VolumeBody::ReleaseWithdrawn { volume, copy: 1 },
    ]
}

fn keeping_bodies() -> Vec<KeepingBody> {
    let store = RecordId::from_bytes([10; 16]);
    let damage = Damage { recording: id(1), class: "data".into(), from: 0, to: 262_144 };
    vec![
        KeepingBody::StoreAdded {
            store,
            kind: "local".into(),
            name: "second".into(),
            create_only: true,
            object_lock: false,
        },
        KeepingBody::CopiesPlaced { store, bytes: 5 },
        KeepingBody::CopiesChecked { store, bytes: 5, failed: vec![damage] },
        KeepingBody::CopyRepaired {
            object: id(1),
            store: "main".into(),
            source: store.to_string(),
            moved: 16_777_216,
        },
        KeepingBody::Cooled { store, bytes: 5 },
        KeepingBody::RecallAsked { recording: id(1), store },
        KeepingBody::Recalled { store, bytes: 5 },
        KeepingBody::ReleaseProposed { store },
        KeepingBody::Released { store },
        KeepingBody::ReleaseWithdrawn { store },
    ]
}

fn people_bodies() -> Vec<PeopleBody> {
    let account = RecordId::from_bytes([5; 16]);
    vec![
        PeopleBody::Proposed {
            account,
            change: "create".into(),
            department: "inside".into(),
            roles: vec!["handler".into(), "custodian".into()],
        },
        PeopleBody::Confirmed { account, proposal: 4 },
        PeopleBody::Disabled { account },
        PeopleBody::CredentialSet { account, credential: "password".into(), own: true },
        PeopleBody::SignedIn { account },
        PeopleBody::SignedInByProvider { account, issuer: "https://id.example".into() },
        PeopleBody::SignInRefused { account, reason: "password-wrong".into() },
    ]
}

fn case_bodies() -> Vec<CaseBody> {
    let case = RecordId::from_bytes([6; 16]);
    vec![
        CaseBody::Opened { case },
        CaseBody::Ended { case },
        CaseBody::RecordingAdded { case, recording: id(1), addendum: false },
        CaseBody::DocumentAdded {
            case,
            object: id(3),
            bytes: 5,
            manifest: id(4),
            stage: "investigation".into(),
            document: "inquiry-record".into(),
            addendum: true,
        },
        CaseBody::Closed { case, items: 2, contents: id(5) },
    ]
}

fn retention_bodies() -> Vec<RetentionBody> {
    let (hold, case) = (RecordId::from_bytes([8; 16]), RecordId::from_bytes([6; 16]));
    let target = Subject::case(&case);
    vec![
        RetentionBody::TriggerFound { recording: id(1), trigger: "coercive-measure".into() },
        RetentionBody::HoldPlaced { hold, target: target.clone() },
        RetentionBody::HoldReleased { hold, target },
        RetentionBody::CaseTermSet { case, years: 10 },
        RetentionBody::RuleProposed {
            rule: hold,
            class: "any".into(),
            years: 5,
            stored: true,
            recordings: 415,
            lengthened: 412,
            kept: 3,
        },
        RetentionBody::RuleConfirmed { rule: hold },
        RetentionBody::RuleWithdrawn { rule: hold },
    ]
}

fn access_bodies() -> Vec<AccessBody> {
    let request = RecordId::from_bytes([9; 16]);
    vec![
        AccessBody::Requested {
            request,
            applicant: "account".into(),
            office: "in-charge".into(),
            mode: "copy".into(),
            days: 7,
            copies: 1,
            from_ms: 0,
            to_ms: 0,
            recordings: vec![id(1), id(2)],
        },
        AccessBody::Decided { request, consent: true },
        AccessBody::NoticeIssued { request, year: 2026, number: 1 },
        AccessBody::NoticeSigned { request, way: "scan".into(), digest: id(6) },
        AccessBody::ScanKept {
            request,
            object: id(6),
            bytes: 5,
            format: "application/pdf".into(),
            manifest: id(7),
        },
        AccessBody::ScanShown { request, object: id(6) },
        AccessBody::Granted { request, expires_ms: 1_792_000_000_000 },
        AccessBody::Revoked { request },
        AccessBody::Read { request, recording: id(1), from: 0, to: 5 },
        AccessBody::ExcerptMade {
            request,
            recording: id(1),
            begins_ms: 3_000,
            ends_ms: 6_040,
            format: "video/mp4".into(),
            object: id(8),
            bytes: 5,
            manifest: id(9),
        },
        AccessBody::ExcerptRead { request, recording: id(1), from: 0, to: 5 },
        AccessBody::CopyRendered { request, copy: 1, recording: id(1), object: id(8), bytes: 5 },
        AccessBody::CopyHandedOut { request, copy: 1, recordings: vec![id(1)] },
        AccessBody::OwnRead { recording: id(1), from: 0, to: 5 },
        AccessBody::CopyWritten {
            request,
            copy: 1,
            files: 20,
            bytes: 4_096,
            signature: "ab".repeat(32),
        },
    ]
}

#[test]
fn every_record_an_event_speaks_of_is_a_subject_that_can_be_read_back() {
    for body in bodies() {
        for subject in body.records() {
            assert_eq!(Subject::parse(subject.as_str()), Ok(subject));
        }
    }
    for bad in ["account:", "account:05", "case:zz", "request:ABCDEFABCDEFABCDEFABCDEFABCDEFAB"] {
        assert!(Subject::parse(bad).is_err(), "{bad}");
    }
}

fn media_bodies() -> Vec<MediaBody> {
    let (recording, engine) = (id(1), "e".to_owned());
    let product = DerivedObject {
        kind: "poster".into(),
        object: id(3),
        bytes: 5,
        manifest: id(4),
        recipe: "r".into(),
    };
    let marker = "0a".repeat(16);
    vec![
        MediaBody::Probed {
            recording,
            engine: engine.clone(),
            medium: "video".into(),
            duration_ms: 5,
            sound: true,
            findings: 1,
        },
        MediaBody::NotExaminable {
            recording,
            task: "probe".into(),
            reason: "damaged".into(),
            engine: engine.clone(),
        },
        MediaBody::Previewed {
            recording,
            engine: engine.clone(),
            findings: 1,
            products: vec![product],
        },
        MediaBody::TranscriptStored {
            recording,
            version: 2,
            origin: "machine".into(),
            engine,
            based_on: 1,
            object: id(3),
            bytes: 5,
            manifest: id(4),
        },
        MediaBody::TranscriptChecked { recording, version: 2, object: id(3) },
        MediaBody::TranscriptShown { recording, version: 2 },
        MediaBody::MarkerSet {
            recording,
            marker: marker.clone(),
            kind: "scene".into(),
            from_ms: 1,
            to_ms: 2,
        },
        MediaBody::MarkerRemoved { recording, marker },
        MediaBody::Searched { hits: 3 },
    ]
}

fn event(seq: u64, body: Body, before: Option<BackPointer>) -> Event {
    Event {
        seq,
        id: [7; 16],
        time_ms: 1_792_000_000_000,
        actor: ActorName {
            id: "terminal:uid-0".into(),
            role: "operator".into(),
            session: "00".into(),
        },
        subjects: BTreeMap::from([(Subject::recording(&id(1)), before)]),
        body,
        payload: Some(commit(&[3; 32], b"{}")),
    }
}

#[test]
fn every_kind_has_its_golden_leaf() {
    let golden = include_str!("../../../../tests/vectors/event/leaves.txt");
    let before = BackPointer { seq: 3, leaf: leaf_hash(b"before") };
    let leaves: Vec<String> = bodies()
        .into_iter()
        .map(|body| {
            let leaf = event(9, body, Some(before)).encode().expect("encodes");
            format!("{} {}\n", leaf_hash(&leaf), String::from_utf8(leaf).expect("text"))
        })
        .collect();
    assert_eq!(leaves.concat(), golden, "the wire form of events must never change");
}

#[test]
fn what_was_encoded_is_decoded_and_a_changed_byte_is_not_the_same() {
    for body in bodies() {
        let event = event(9, body, None);
        let leaf = event.encode().expect("encodes");
        assert_eq!(Event::decode(&leaf).as_ref(), Ok(&event));
        for at in 0..leaf.len() {
            let mut changed = leaf.clone();
            changed[at] ^= 1;
            assert_ne!(Event::decode(&changed).ok(), Some(event.clone()), "byte {at}");
        }
    }
}

#[test]
fn a_missing_event_shows_in_the_chain() {
    let subject = Subject::recording(&id(1));
    let mut leaves: Vec<Vec<u8>> = Vec::new();
    for (seq, body) in bodies().into_iter().enumerate() {
        let before =
            leaves.last().map(|leaf| BackPointer { seq: seq as u64 - 1, leaf: leaf_hash(leaf) });
        leaves.push(event(seq as u64, body, before).encode().expect("encodes"));
    }
    assert_eq!(check_custody(&leaves, &subject), Ok(()));
    for gone in 0..leaves.len() - 1 {
        let mut some = leaves.clone();
        some.remove(gone);
        assert_eq!(check_custody(&some, &subject), Err(CustodyGap::Missing(gone)));
    }
    assert_eq!(check_custody(&leaves, &Subject::vault()), Err(CustodyGap::AnotherSubject(0)));
    let mut placed: Vec<(u64, Vec<u8>)> = (0..).zip(leaves).collect();
    assert_eq!(check_custody_at(&placed, &subject), Ok(()));
    placed[2].0 = 9;
    let moved = CustodyGap::AnotherNumber { at: 9, claimed: 2 };
    assert_eq!(check_custody_at(&placed, &subject), Err(moved));
}

#[test]
fn every_event_that_encodes_decodes_to_itself_at_the_edges_of_time_and_number() {
    let most = crate::canonical::INTEGER_MAX;
    for body in bodies() {
        for time_ms in [-most, -1, 0, most, most + 1, -most - 1, i64::MAX, i64::MIN] {
            let event = Event { time_ms, payload: None, ..event(1, body.clone(), None) };
            match event.encode() {
                Ok(leaf) => assert_eq!(Event::decode(&leaf), Ok(event)),
                Err(_) => assert!(time_ms.unsigned_abs() > most.unsigned_abs(), "{time_ms}"),
            }
        }
    }
    let number = event(u64::try_from(most).expect("positive") + 1, bodies().remove(0), None);
    assert!(number.encode().is_err());
}

#[test]
fn the_vectors_of_the_event_format_hold() {
    let text = include_str!("../../../../tests/vectors/event/events.json");
    let vectors: serde_json::Value = serde_json::from_str(text).expect("vectors");
    let leaf_of =
        |case: &serde_json::Value| hex::decode(case["leaf"].as_str().expect("leaf")).expect("hex");
    let accepted = vectors["accepted"].as_array().expect("accepted");
    assert!(accepted.len() >= 8, "every kind, and the edges");
    for case in accepted {
        let leaf = leaf_of(case);
        let event =
            Event::decode(&leaf).unwrap_or_else(|error| panic!("{}: {error}", case["name"]));
        assert_eq!(event.encode().as_ref(), Ok(&leaf), "{}", case["name"]);
        assert_eq!(leaf_hash(&leaf).to_string(), case["leaf_hash"], "{}", case["name"]);
        let read: serde_json::Value = serde_json::from_slice(&leaf).expect("JSON");
        assert_eq!(read, case["fields"], "{}", case["name"]);
    }
    let refused = vectors["refused"].as_array().expect("refused");
    assert!(refused.len() >= 20);
    for case in refused {
        assert!(Event::decode(&leaf_of(case)).is_err(), "{}", case["name"]);
    }
    let commitment = &vectors["commitment"];
    let salt = hex::decode(commitment["salt"].as_str().expect("salt")).expect("hex");
    let payload = commitment["payload"].as_str().expect("payload");
    let committed = commit(&salt.try_into().expect("32 bytes"), payload.as_bytes());
    assert_eq!(committed.to_string(), commitment["commitment"]);
}

#[test]
fn an_event_too_long_for_a_bundle_is_refused() {
    let body = Body::ActRefused {
        act: "x".repeat(LEAF_BYTES_MAX),
        reason: String::new(),
        article: String::new(),
    };
    assert!(matches!(event(1, body, None).encode(), Err(EventError::TooLong(_))));
}
