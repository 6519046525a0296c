//! States: what an act finds, where that decides who may do it.
//!
//! A state is found out by the flow that asks, never by the actor; a state that an act does not
//! know is refused to everybody.

/// What an act finds. Closed: a new state needs a row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// The act does not depend on a state.
    Any,
    /// The three administrators were never all appointed.
    FirstRun,
    /// They were.
    SetUp,
    /// The proposal is the actor's own.
    OwnProposal,
    /// Somebody else made the proposal.
    OthersProposal,
    /// The account is the actor's own.
    OwnAccount,
    /// The account of somebody else.
    OthersAccount,
    /// The account of an administrator, another's.
    AdministratorsAccount,
    /// The case file is open.
    CaseOpen,
    /// The case file was closed by the archivist.
    CaseClosed,
    /// The actor placed the hold himself.
    OwnHold,
    /// Somebody else placed it.
    OthersHold,
    /// The request is the actor's own.
    OwnRequest,
    /// Somebody else's request.
    OthersRequest,
    /// Another's request, on which the leader in charge decides.
    ForInCharge,
    /// Another's request, on which the principal leader decides.
    ForPrincipal,
    /// The recording lies in a closed case file.
    Archived,
    /// Of the actor's own unit; a recording that is not archived, or a term.
    OwnUnit,
    /// The same, of another unit.
    OtherUnit,
    /// A term that the body of inspectors answers for.
    InspectorsTerm,
    /// A term that those answer for who keep what is archived.
    KeepersTerm,
    /// It was drawn for an inspection that is not ended.
    Drawn,
    /// The number is that of the inspecting party.
    InspectorsLot,
    /// The number is that of the inspected party.
    InspectedsLot,
    /// The grant was given to the actor and holds for what is asked.
    GrantLive,
    /// Nothing was granted yet, or it was refused.
    GrantPending,
    /// Its time is over.
    GrantExpired,
    /// It was taken back.
    GrantRevoked,
    /// Every copy it allows was handed out.
    GrantUsedUp,
    /// It was given to somebody else.
    GrantOfAnother,
    /// It does not name this recording.
    GrantElsewhere,
    /// It allows copies only, handed out by the keeping unit.
    GrantCopiesOnly,
    /// It allows viewing only.
    GrantViewOnly,
    /// It names a stretch of the recording, which only an excerpt can give.
    GrantExcerptOnly,
}

impl State {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::FirstRun => "first-run",
            Self::SetUp => "set-up",
            Self::OwnProposal => "own-proposal",
            Self::OthersProposal => "others-proposal",
            Self::OwnAccount => "own-account",
            Self::OthersAccount => "others-account",
            Self::AdministratorsAccount => "administrators-account",
            Self::CaseOpen => "case-open",
            Self::CaseClosed => "case-closed",
            Self::OwnHold => "own-hold",
            Self::OthersHold => "others-hold",
            Self::OwnRequest => "own-request",
            Self::OthersRequest => "others-request",
            Self::ForInCharge => "for-in-charge",
            Self::ForPrincipal => "for-principal",
            Self::Archived => "archived",
            Self::OwnUnit => "own-unit",
            Self::OtherUnit => "other-unit",
            Self::InspectorsTerm => "inspectors-term",
            Self::KeepersTerm => "keepers-term",
            Self::Drawn => "drawn",
            Self::InspectorsLot => "inspectors-lot",
            Self::InspectedsLot => "inspecteds-lot",
            Self::GrantLive => "grant-live",
            Self::GrantPending => "grant-pending",
            Self::GrantExpired => "grant-expired",
            Self::GrantRevoked => "grant-revoked",
            Self::GrantUsedUp => "grant-used-up",
            Self::GrantOfAnother => "grant-of-another",
            Self::GrantElsewhere => "grant-elsewhere",
            Self::GrantCopiesOnly => "grant-copies-only",
            Self::GrantViewOnly => "grant-view-only",
            Self::GrantExcerptOnly => "grant-excerpt-only",
        }
    }
}
