//! What waits for whom (待办), and reminders of it: in the application, by mail, by
//! webhook, by robots.
//!
//! Promises: what waits for a person follows from the policy table and from what the vault knows,
//! never from a list somebody keeps; a reminder says how many things wait and where to look, and
//! nothing of what they are; nobody is told the same on one channel twice in a day; what could not
//! be delivered is tried again, then waits for an administrator, visibly, and can be sent once
//! more. Sends nothing by itself: what carries a message is handed in. (R04, R08, R12, R24, R25, R28)

mod deliver;
mod delivery;
mod duty;
mod plan;
mod proposed;

pub use deliver::{Carry, deliver_due, problem_of, replay, test};
pub use delivery::{Delivery, DeliveryState, deliveries};
pub use duty::{DUTIES, Duties, Duty, duties};
pub use plan::{MAIL, Message, plan};

pub(crate) use deliver::due as reminders_due;
