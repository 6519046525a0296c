//! The life of a request, as a machine: in which state which step leads where. Pure.

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestState {
    /// Waits for the leader.
    Requested,
    /// The leader consented.
    Consented,
    /// The leader refused.
    Refused,
    /// The notice is made out.
    Noticed,
    /// The notice is signed.
    Signed,
    /// The grant holds.
    Granted,
    /// Every copy it allows was handed out.
    UsedUp,
    /// Its days are over.
    Expired,
    /// It was taken back.
    Revoked,
}

/// What can be done with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestStep {
    /// The leader consents.
    Consent,
    /// The leader refuses.
    Refuse,
    /// The notice is made out.
    IssueNotice,
    /// The notice is signed.
    Sign,
    /// The grant is given.
    Give,
    /// A copy is handed out.
    HandOut,
    /// It is taken back.
    Revoke,
}

impl RequestStep {
    /// Every step.
    pub const ALL: &'static [Self] = &[
        Self::Consent,
        Self::Refuse,
        Self::IssueNotice,
        Self::Sign,
        Self::Give,
        Self::HandOut,
        Self::Revoke,
    ];
}

impl RequestState {
    /// Every state.
    pub const ALL: &'static [Self] = &[
        Self::Requested,
        Self::Consented,
        Self::Refused,
        Self::Noticed,
        Self::Signed,
        Self::Granted,
        Self::UsedUp,
        Self::Expired,
        Self::Revoked,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Consented => "consented",
            Self::Refused => "refused",
            Self::Noticed => "noticed",
            Self::Signed => "signed",
            Self::Granted => "granted",
            Self::UsedUp => "used-up",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    /// Where the step leads from here; `None` where it cannot be taken. Whether a grant is used up
    /// or expired follows from its copies and from the time, not from a step.
    pub const fn after(self, step: RequestStep) -> Option<Self> {
        match (self, step) {
            (Self::Requested, RequestStep::Consent) => Some(Self::Consented),
            (Self::Requested, RequestStep::Refuse) => Some(Self::Refused),
            (Self::Consented, RequestStep::IssueNotice) => Some(Self::Noticed),
            (Self::Noticed, RequestStep::Sign) => Some(Self::Signed),
            (Self::Signed, RequestStep::Give) | (Self::Granted, RequestStep::HandOut) => {
                Some(Self::Granted)
            }
            (
                Self::Requested
                | Self::Consented
                | Self::Noticed
                | Self::Signed
                | Self::Granted
                | Self::UsedUp,
                RequestStep::Revoke,
            ) => Some(Self::Revoked),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every state and step, written down a second time as people would say it.
    #[test]
    fn every_step_in_every_state_is_taken_or_refused_as_agreed() {
        let agreed = "
            requested Consent consented
            requested Refuse refused
            requested Revoke revoked
            consented IssueNotice noticed
            consented Revoke revoked
            noticed Sign signed
            noticed Revoke revoked
            signed Give granted
            signed Revoke revoked
            granted HandOut granted
            granted Revoke revoked
            used-up Revoke revoked";
        let mut taken = Vec::new();
        for state in RequestState::ALL {
            for step in RequestStep::ALL {
                if let Some(next) = state.after(*step) {
                    taken.push(format!("{} {step:?} {}", state.as_str(), next.as_str()));
                }
            }
        }
        let mut agreed: Vec<_> =
            agreed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        taken.sort();
        agreed.sort_unstable();
        assert_eq!(taken, agreed);
    }

    #[test]
    fn nothing_is_granted_without_consent_notice_and_signature_and_nothing_comes_back() {
        // Every way through the machine, up to eight steps long.
        let mut ways = vec![(RequestState::Requested, Vec::new())];
        for _ in 0..8 {
            let mut longer = Vec::new();
            for (state, steps) in &ways {
                for step in RequestStep::ALL {
                    let Some(next) = state.after(*step) else { continue };
                    let mut steps: Vec<RequestStep> = steps.clone();
                    steps.push(*step);
                    longer.push((next, steps));
                }
            }
            for (state, steps) in &longer {
                let place = |step| steps.iter().position(|one| *one == step);
                if *state == RequestState::Granted {
                    let (consent, notice) =
                        (place(RequestStep::Consent), place(RequestStep::IssueNotice));
                    let (sign, give) = (place(RequestStep::Sign), place(RequestStep::Give));
                    assert!(consent.is_some() && consent < notice && notice < sign && sign < give);
                }
                if place(RequestStep::Refuse).is_some() {
                    assert_eq!(*state, RequestState::Refused);
                }
                if place(RequestStep::Revoke).is_some() {
                    assert_eq!(*state, RequestState::Revoked);
                }
            }
            ways = longer;
        }
    }
}
