//! What waits for a person: how many of each kind, and how many of them are late.
//!
//! Promises: a thing is counted for whoever the policy lets do it, own proposals left out, and for
//! nobody else. The facts are gathered once, however many people are asked about.

use super::proposed::Proposed;
use crate::access::{self, RequestView};
use crate::calendar::Calendar;
use crate::casefile;
use crate::clock::Date;
use crate::disposal::{self, DisposalState};
use crate::fault::Outcome;
use crate::inspection::{self, InspectionState, InspectionView};
use crate::limits::{DEADLINES_MAX, VOLUME_CHECK_NOTICE_DAYS};
use crate::oversight::annual::{self, Annual, AnnualState};
use crate::oversight::device::{self, Device, Need};
use crate::oversight::lapse::{self, Lapse, LapseState};
use crate::oversight::publicity::{self, Publicity, PublicityState};
use crate::oversight::review::{self, Review, ReviewState};
use crate::oversight::statement::{self, Statement, StatementState};
use crate::oversight::term::{self, Missed};
use crate::oversight::{self, Due, DueKind, edition};
use crate::people::{self, Roll};
use crate::policy::{Act, Actor, State, permit_in};
use crate::preservation::lacking_copies;
use crate::store::cipher::random_bytes;
use crate::vault::Vault;
use crate::volume::{self, DueCopy};

/// Rows of one page of the catalogue.
const ROWS: u32 = 200;

/// Every kind of thing that waits.
pub const DUTIES: &[&str] = &[
    "label",
    "close-case",
    "addendum",
    "correct-finding",
    "explain",
    "escalated",
    "answer-statement",
    "answer-lapse",
    "close-lapse",
    "review",
    "approve-publicity",
    "publish",
    "annual",
    "approve-annual",
    "device",
    "request",
    "inspection",
    "account",
    "disposal",
    "edition",
    "rule",
    "release-store",
    "release-copy",
    "suspicion",
    "damaged",
    "damaged-copy",
    "volume-new",
    "volume-read",
    "volume-short",
    "copies-short",
    "delivery",
];

/// One kind of thing that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// What, by its code.
    pub kind: &'static str,
    /// How many.
    pub count: u64,
    /// How many of them are past their day.
    pub late: u64,
    /// The page where they are.
    pub page: &'static str,
}

/// What the vault knows of everything that waits for somebody.
#[derive(Debug)]
pub struct Duties {
    today: Date,
    calendar: Calendar,
    escalate_after: u32,
    dues: Vec<Due>,
    missed: Vec<Missed>,
    addenda: u64,
    requests: Vec<RequestView>,
    statements: Vec<Statement>,
    lapses: Vec<Lapse>,
    reviews: Vec<Review>,
    inspections: Vec<InspectionView>,
    publicity: Vec<Publicity>,
    figures_due: Option<(i64, bool)>,
    figures: Vec<Annual>,
    devices: Vec<Device>,
    damaged: u64,
    volumes_due: Vec<DueCopy>,
    volumes_short: u64,
    copies_short: u64,
    disposals: Vec<String>,
    editions: Vec<edition::Edition>,
    proposed: Proposed,
    deliveries_failed: u64,
    pub(super) roll: Roll,
}

pub(super) fn may(actor: &Actor, act: Act) -> bool {
    permit_in(actor, act, State::Any).is_ok()
}

pub(super) fn may_others(actor: &Actor, act: Act) -> bool {
    permit_in(actor, act, State::OthersProposal).is_ok()
}

pub(super) fn many(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

impl Duties {
    /// Gathers the facts. Terms are escalated so many working days after their last day.
    pub async fn gather(vault: &Vault, escalate_after: u32) -> Outcome<Self> {
        let system = Actor::system(random_bytes()?);
        let today = Date::of(vault.clock.now());
        let all = disposal::list(vault).await?.into_iter();
        let volumes = volume::list(vault).await?;
        let proposed = all.filter(|one| one.state == DisposalState::Proposed);
        Ok(Self {
            today,
            calendar: edition::calendar(vault).await?,
            escalate_after,
            dues: oversight::deadlines(vault, &system).await?,
            missed: term::missed(vault, &system).await?,
            addenda: casefile::awaiting_count(vault).await?,
            requests: requests(vault).await?,
            statements: statement::list(vault, &system).await?,
            lapses: lapse::list(vault, &system).await?,
            reviews: review::list(vault, &system).await?,
            inspections: inspection::list(vault, &system).await?,
            publicity: publicity::list(vault, &system).await?,
            figures_due: annual::to_freeze(vault).await?,
            figures: annual::list(vault, &system).await?,
            devices: device::list(vault, &system).await?.devices,
            damaged: vault.catalog().state().await?.damaged,
            volumes_due: volume::due(vault, VOLUME_CHECK_NOTICE_DAYS).await?,
            volumes_short: many(volumes.iter().filter(|one| one.is_short()).count()),
            copies_short: lacking_copies(vault).await?,
            disposals: proposed.map(|one| one.proposed_by().to_owned()).collect(),
            editions: edition::list(vault, &system).await?,
            proposed: Proposed::gather(vault, (&system, &volumes)).await?,
            deliveries_failed: super::delivery::failed(vault).await?,
            roll: people::roll(vault).await?,
        })
    }

    /// What waits for this person, the kinds with nothing left out.
    pub fn of(&self, actor: &Actor) -> Vec<Duty> {
        let mut found = self.of_terms(actor);
        found.extend(self.of_registers(actor));
        found.extend(self.of_others(actor));
        found.extend(self.of_copies(actor));
        found.extend(self.proposed.of(actor));
        found.retain(|duty| duty.count > 0);
        found
    }

    /// Terms that are late for longer than they wait before the head of the unit hears of them.
    pub fn escalated(&self, actor: &Actor) -> u64 {
        if !may(actor, Act::FollowUpTerm) {
            return 0;
        }
        let unit = actor.account().map_or("", |account| account.unit.as_str());
        let own = self.dues.iter().filter(|due| due.unit.is_empty() || due.unit == unit);
        let late = own.filter(|due| {
            due.missed() && self.calendar.deadline(due.due, self.escalate_after).due < self.today
        });
        many(late.count())
    }

    fn due(&self, kind: DueKind, page: &'static str) -> Duty {
        let of_kind: Vec<&Due> = self.dues.iter().filter(|due| due.kind == kind).collect();
        let late = many(of_kind.iter().filter(|due| due.missed()).count());
        Duty { kind: kind.as_str(), count: many(of_kind.len()), late, page }
    }

    fn of_terms(&self, actor: &Actor) -> Vec<Duty> {
        let mut found = Vec::new();
        if may(actor, Act::Label) {
            found.push(self.due(DueKind::Label, "/tray"));
        }
        if permit_in(actor, Act::CloseCase, State::CaseOpen).is_ok() {
            found.push(self.due(DueKind::CloseCase, "/deadlines"));
        }
        if permit_in(actor, Act::AddAddendum, State::CaseClosed).is_ok() {
            let (count, page) = (self.addenda, "/cases?which=awaiting");
            found.push(Duty { kind: "addendum", count, late: 0, page });
        }
        if may(actor, Act::CorrectFinding) {
            found.push(self.due(DueKind::CorrectFinding, "/inspections"));
        }
        let waits = |one: &&Missed| one.reasons.is_empty() && one.is_of(actor);
        let count = many(self.missed.iter().filter(waits).count());
        found.push(Duty { kind: "explain", count, late: 0, page: "/deadlines" });
        let count = self.escalated(actor);
        found.push(Duty { kind: "escalated", count, late: count, page: "/deadlines" });
        found
    }

    fn of_registers(&self, actor: &Actor) -> Vec<Duty> {
        let mut found = Vec::new();
        let mut add = |kind, count: usize, late: usize, page| {
            found.push(Duty { kind, count: many(count), late: many(late), page });
        };
        if may_others(actor, Act::AnswerStatement) {
            let waits: Vec<_> = self
                .statements
                .iter()
                .filter(|one| one.state == StatementState::Reported && !one.is_by(actor))
                .collect();
            let late = waits.iter().filter(|one| one.late).count();
            add("answer-statement", waits.len(), late, "/statements");
        }
        if may(actor, Act::AnswerLapse) {
            let raised = self.lapses.iter().filter(|one| one.state == LapseState::Raised);
            let raised: Vec<_> = raised.collect();
            let late = raised.iter().filter(|one| one.overdue).count();
            add("answer-lapse", raised.len(), late, "/lapses");
        }
        if may_others(actor, Act::CloseLapse) {
            let answered = self.lapses.iter().filter(|one| one.state == LapseState::Answered);
            add("close-lapse", answered.count(), 0, "/lapses");
        }
        let waits = |one: &&Review| match one.state {
            ReviewState::Submitted | ReviewState::Accepted => {
                may_others(actor, Act::CarryOutReview)
            }
            ReviewState::Objected => may(actor, Act::SettleReview),
            _ => false,
        };
        let waits: Vec<_> = self.reviews.iter().filter(waits).collect();
        let late = waits.iter().filter(|one| one.terms.iter().any(|term| term.late)).count();
        add("review", waits.len(), late, "/reviews");
        if may(actor, Act::KeepDevices) {
            let need = |device: &Device| device.need(&self.calendar, self.today);
            let needs: Vec<Need> = self.devices.iter().map(need).collect();
            let waits = needs.iter().filter(|need| **need != Need::Nothing).count();
            let late = needs.iter().filter(|need| **need == Need::Late).count();
            add("device", waits, late, "/devices");
        }
        found.extend(self.of_publicity(actor));
        found
    }

    /// Drafts and applications that wait for a leader, what is to be published or withdrawn, the
    /// figures of the year.
    fn of_publicity(&self, actor: &Actor) -> Vec<Duty> {
        let mut found = Vec::new();
        let mut add = |kind, count: usize, late: usize| {
            let (count, late) = (many(count), many(late));
            found.push(Duty { kind, count, late, page: "/publicity" });
        };
        let (approves, takes_down) =
            (may_others(actor, Act::ApprovePublicity), may(actor, Act::ApproveTakeDown));
        let waits = |one: &&Publicity| {
            let drafted = approves && one.waits && !one.is_by(actor);
            drafted || (takes_down && one.take_down_asked)
        };
        let waits: Vec<_> = self.publicity.iter().filter(waits).collect();
        let late = waits.iter().filter(|one| one.term.late && one.term.done_on.is_none()).count();
        add("approve-publicity", waits.len(), late);
        if may(actor, Act::PublishDecision) {
            let ready = |one: &&Publicity| {
                matches!(one.state, PublicityState::Approved | PublicityState::Revoked)
            };
            let ready: Vec<_> = self.publicity.iter().filter(ready).collect();
            let late = |one: &&&Publicity| {
                one.withdrawal.as_ref().map_or(one.term.late, |withdrawal| withdrawal.late)
            };
            add("publish", ready.len(), ready.iter().filter(late).count());
        }
        if may(actor, Act::FreezeFigures) {
            let settled = self.figures.iter().filter(|one| one.state == AnnualState::Approved);
            let settled: Vec<_> = settled.filter(|one| one.corrected_by.is_none()).collect();
            let late = settled.iter().filter(|one| one.report_due < self.today).count();
            let (due, over) = self.figures_due.map_or((0, false), |(_, over)| (1, over));
            add("annual", settled.len() + due, late + usize::from(over));
        }
        if may_others(actor, Act::ApproveFigures) {
            let frozen = self.figures.iter().filter(|one| one.state == AnnualState::Frozen);
            let frozen: Vec<_> = frozen.filter(|one| !one.is_by(actor)).collect();
            add("approve-annual", frozen.len(), frozen.iter().filter(|one| one.late).count());
        }
        found
    }

    fn of_others(&self, actor: &Actor) -> Vec<Duty> {
        let mut found = Vec::new();
        let mut add = |kind, count: usize, page| {
            found.push(Duty { kind, count: many(count), late: 0, page });
        };
        // Reading, and taking back, is nobody's duty.
        let waits = |view: &&RequestView| {
            let own = ["read", "revoke"];
            access::steps(view, actor).iter().any(|step| !own.contains(step))
        };
        add("request", self.requests.iter().filter(waits).count(), "/requests");
        let waits = |one: &&InspectionView| takes_part(actor, one);
        add("inspection", self.inspections.iter().filter(waits).count(), "/inspections");
        if may_others(actor, Act::ConfirmAccount) {
            let proposed = |one: &&people::Account| {
                one.proposal.as_ref().is_some_and(|proposal| proposal.by_actor != actor.id())
            };
            add("account", self.roll.accounts().iter().filter(proposed).count(), "/people");
        }
        if may_others(actor, Act::ApproveDisposal) {
            let others = self.disposals.iter().filter(|by| by.as_str() != actor.id());
            add("disposal", others.count(), "/keeping");
        }
        if may_others(actor, Act::ConfirmCalendar) {
            let open = self.editions.iter().filter(|one| one.confirmed.is_none());
            add("edition", open.count(), "/calendar");
        }
        if may(actor, Act::SendReminders) && self.deliveries_failed > 0 {
            let failed = usize::try_from(self.deliveries_failed).unwrap_or(usize::MAX);
            add("delivery", failed, "/reminders");
        }
        found
    }

    /// What of the copies, on disks and on shelves, waits for hands.
    fn of_copies(&self, actor: &Actor) -> Vec<Duty> {
        let mut found = Vec::new();
        let mut add = |kind, count: u64, late: u64, page| {
            found.push(Duty { kind, count, late, page });
        };
        if may(actor, Act::CheckFixity) {
            add("damaged", self.damaged, 0, "/integrity");
        }
        // Only who may open the page of volumes is sent there.
        if may(actor, Act::CheckFixity) && may(actor, Act::ReadCatalogue) {
            let late = self.volumes_due.iter().filter(|copy| copy.days_left < 0);
            add("volume-read", many(self.volumes_due.len()), many(late.count()), "/volumes");
        }
        if may(actor, Act::ShelveVolume) {
            add("volume-short", self.volumes_short, 0, "/volumes");
        }
        if may(actor, Act::CopyOut) {
            add("copies-short", self.copies_short, 0, "/integrity");
        }
        found
    }
}

/// Whether a step of this inspection is this person's.
fn takes_part(actor: &Actor, one: &InspectionView) -> bool {
    let (draws, corrects) = (may(actor, Act::DrawLots), may(actor, Act::CorrectFinding));
    match one.state {
        InspectionState::Planned => may_others(actor, Act::ApproveInspection),
        InspectionState::Approved | InspectionState::Frozen => draws,
        InspectionState::Drawn => {
            let open = |finding: &inspection::FindingView| {
                !finding.settled() && finding.corrected.is_none()
            };
            draws || (corrects && one.findings.iter().any(open))
        }
        InspectionState::Ended => {
            let mut left = one.findings.iter().filter(|finding| !finding.settled());
            left.any(|finding| if finding.corrected.is_some() { draws } else { corrects })
        }
    }
}

/// Requests that are not over; at most `DEADLINES_MAX` are looked at.
async fn requests(vault: &Vault) -> Outcome<Vec<RequestView>> {
    let (mut found, mut after) = (Vec::new(), None);
    while found.len() < DEADLINES_MAX {
        let (page, next) = access::list(vault, after, ROWS).await?;
        found.extend(page);
        after = next;
        if after.is_none() {
            break;
        }
    }
    Ok(found)
}

/// What waits for whoever asks. No act of its own: everybody may know what he has to do.
pub async fn duties(vault: &Vault, actor: &Actor) -> Outcome<Vec<Duty>> {
    let settings = crate::settings::Settings::read(vault.directory())?;
    let all = Duties::gather(vault, settings.reminders.escalate_after).await?;
    Ok(all.of(actor))
}
