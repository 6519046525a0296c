//! The confinement: what the worker gives up before it reads the first byte.
//!
//! Name spaces of its own where the kernel grants them; no capability; limits on memory,
//! descriptors, files and core dumps; Landlock without a single path and without network; a list of
//! the system calls that parsing and arithmetic need, reading and writing on the one socket alone
//! and no executable memory among them, everything else is refused. What a kernel cannot enforce is
//! named, never passed over. The order matters: the list comes last, it would refuse the others.
//! Serves reliability promise P34.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus,
    Scope,
};
use rustix::process::{DumpableBehavior, Resource, Rlimit, Signal};
use rustix::thread::{CapabilitySet, CapabilitySets, UnshareFlags};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};
use std::collections::BTreeMap;
use std::os::fd::RawFd;

/// Address space: decoding 8K with two threads stays below 1.5 GiB; a bomb stops here.
const ADDRESS_SPACE_BYTES: u64 = 3 << 30;

/// Descriptors: the three of every program and the copy of the socket, with room.
const DESCRIPTORS: u64 = 16;

/// Processor time, in seconds, over all orders of this worker: a day.
const PROCESSOR_SECONDS: u64 = 24 * 3_600;

/// Threads in the worker's own user name space: two for each decoder and encoder, with room.
const THREADS: u64 = 64;

/// What was enforced.
#[expect(clippy::struct_excessive_bools, reason = "each layer stands or is missing by itself")]
pub(crate) struct Layers {
    /// A bonus: many machines forbid name spaces to ordinary users.
    namespaces: bool,
    capabilities: bool,
    limits: bool,
    privileges: bool,
    landlock: &'static str,
    calls: bool,
}

impl Layers {
    /// For `vaultctl doctor`.
    pub(crate) fn as_json(&self) -> String {
        format!(
            "{{\"landlock\":\"{}\",\"limits\":{},\"no_capabilities\":{},\"no_new_privileges\":{},\
             \"seccomp\":{},\"namespaces\":{}}}",
            self.landlock,
            self.limits,
            self.capabilities,
            self.privileges,
            self.calls,
            self.namespaces
        )
    }

    /// The first layer that is missing.
    pub(crate) fn missing(&self) -> Option<&'static str> {
        match self {
            Self { limits: false, .. } => Some("limits"),
            Self { capabilities: false, .. } => Some("no-capabilities"),
            Self { privileges: false, .. } => Some("no-new-privileges"),
            Self { landlock: "full", calls: true, .. } => None,
            Self { calls: false, .. } => Some("seccomp"),
            Self { .. } => Some("landlock"),
        }
    }
}

/// Gives everything up that can be given up on this kernel. `channel` is the one descriptor that
/// stays of use, `file_bytes` the most that may be written into a file. Called before there are
/// threads.
pub(crate) fn enter(channel: RawFd, file_bytes: u64) -> Layers {
    // A worker whose vault died has nobody to answer. Where this fails, the closed socket ends it.
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL)).ok();
    let namespaces = namespaces();
    let limits = limits(file_bytes, namespaces);
    let capabilities = give_up_capabilities().is_ok();
    let privileges = rustix::thread::set_no_new_privs(true).is_ok();
    let landlock = landlock().unwrap_or("none");
    let calls = calls(channel).is_some();
    Layers { namespaces, capabilities, limits, privileges, landlock, calls }
}

fn namespaces() -> bool {
    let apart = UnshareFlags::NEWUSER
        | UnshareFlags::NEWNET
        | UnshareFlags::NEWNS
        | UnshareFlags::NEWIPC
        | UnshareFlags::NEWUTS
        | UnshareFlags::NEWCGROUP;
    #[expect(deprecated, reason = "unsafe only where descriptor tables are parted among threads")]
    let parted = rustix::thread::unshare(apart);
    parted.is_ok()
}

fn give_up_capabilities() -> rustix::io::Result<()> {
    let none = CapabilitySet::empty();
    let sets = CapabilitySets { effective: none, permitted: none, inheritable: none };
    rustix::thread::set_capabilities(None, sets)
}

fn limits(file_bytes: u64, namespaces: bool) -> bool {
    let limit = |resource, most: u64| {
        let limit = Rlimit { current: Some(most), maximum: Some(most) };
        rustix::process::setrlimit(resource, limit).is_ok()
    };
    // A core would hold decrypted evidence.
    let quiet = rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok();
    limit(Resource::As, ADDRESS_SPACE_BYTES)
        & limit(Resource::Nofile, DESCRIPTORS)
        & limit(Resource::Fsize, file_bytes)
        & limit(Resource::Core, 0)
        & limit(Resource::Cpu, PROCESSOR_SECONDS)
        // Outside a user name space this one counts every process of the vault's user, and threads
        // would fail because of somebody else. New processes are refused by the list in any case.
        & (!namespaces || limit(Resource::Nproc, THREADS))
        & quiet
}

/// No path, no network, no signals to others. "full" where every access known to the first ABI
/// with files and truncation (V3) holds; network and scope are added where the kernel has them,
/// and refused by the list of calls in any case.
fn landlock() -> Option<&'static str> {
    let ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(ABI::V6))
        .and_then(|ruleset| ruleset.handle_access(AccessNet::from_all(ABI::V6)))
        .and_then(|ruleset| ruleset.scope(Scope::from_all(ABI::V6)))
        .and_then(Ruleset::create)
        .ok()?;
    let status = ruleset.restrict_self().ok()?;
    Some(match status.ruleset {
        RulesetStatus::FullyEnforced => "full",
        // Files are what matters: the socket calls are refused by the list.
        RulesetStatus::PartiallyEnforced if files_are_enforced() => "full",
        RulesetStatus::PartiallyEnforced => "partial",
        RulesetStatus::NotEnforced => "none",
    })
}

/// Tries it: after Landlock nothing can be opened any more, not even what every program may read.
fn files_are_enforced() -> bool {
    std::fs::File::open("/").is_err()
}

/// System calls that memory, threads and time need, whatever their arguments. None of them opens,
/// connects or starts anything.
const CALLS: &[i64] = &[
    libc::SYS_close,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// A rule that the arguments of these places have these values in the bits that matter.
fn rule(arguments: &[(u8, SeccompCmpOp, u64)]) -> Option<SeccompRule> {
    let condition = |(place, test, value): &(u8, SeccompCmpOp, u64)| {
        SeccompCondition::new(*place, SeccompCmpArgLen::Qword, test.clone(), *value).ok()
    };
    SeccompRule::new(arguments.iter().map(condition).collect::<Option<_>>()?).ok()
}

/// What may be called, and with which arguments.
fn allowed(channel: RawFd) -> Option<BTreeMap<i64, Vec<SeccompRule>>> {
    use SeccompCmpOp::{Eq, MaskedEq};
    let mut allowed: BTreeMap<i64, Vec<SeccompRule>> =
        CALLS.iter().map(|call| (*call, Vec::new())).collect();
    let channel = u64::try_from(channel).ok()?;
    // The words of a panic go to standard error.
    let errors = 2;
    for call in [libc::SYS_read, libc::SYS_readv] {
        allowed.insert(call, vec![rule(&[(0, Eq, channel)])?]);
    }
    for call in [libc::SYS_write, libc::SYS_writev] {
        let rules = vec![rule(&[(0, Eq, channel)])?, rule(&[(0, Eq, errors)])?];
        allowed.insert(call, rules);
    }
    // From and to the other end, never an address; nothing that could carry a descriptor.
    for call in [libc::SYS_recvfrom, libc::SYS_sendto] {
        allowed.insert(call, vec![rule(&[(0, Eq, channel), (4, Eq, 0)])?]);
    }
    // Nothing that was read can be run.
    let executable = u64::from(libc::PROT_EXEC.unsigned_abs());
    for call in [libc::SYS_mmap, libc::SYS_mprotect] {
        allowed.insert(call, vec![rule(&[(2, MaskedEq(executable), 0)])?]);
    }
    let thread = u64::from(libc::CLONE_THREAD.unsigned_abs());
    allowed.insert(libc::SYS_clone, vec![rule(&[(0, MaskedEq(thread), thread)])?]);
    // A failed assertion ends this process, and reaches no other.
    let own = u64::from(rustix::process::getpid().as_raw_nonzero().get().unsigned_abs());
    allowed.insert(libc::SYS_tgkill, vec![rule(&[(0, Eq, own)])?]);
    Some(allowed)
}

fn calls(channel: RawFd) -> Option<()> {
    let architecture = std::env::consts::ARCH.try_into().ok()?;
    let mut allowed = allowed(channel)?;
    // The C library asks for clone3 first and takes clone where there is none; clone3 keeps its
    // flags in memory, where they cannot be judged.
    allowed.insert(libc::SYS_clone3, Vec::new());
    let absent = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
    let unknown = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
    // Of two filters the stricter answer counts. This one goes first: the other refuses the call
    // that installs filters.
    apply(SeccompFilter::new(unknown, SeccompAction::Allow, absent, architecture).ok()?)?;
    let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    apply(SeccompFilter::new(allowed, refuse, SeccompAction::Allow, architecture).ok()?)
}

fn apply(filter: SeccompFilter) -> Option<()> {
    let program: BpfProgram = filter.try_into().ok()?;
    seccompiler::apply_filter(&program).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Layers {
        Layers {
            namespaces: true,
            capabilities: true,
            limits: true,
            privileges: true,
            landlock: "full",
            calls: true,
        }
    }

    #[test]
    fn a_missing_layer_is_named_and_name_spaces_may_be_missing() {
        assert_eq!(all().missing(), None);
        assert_eq!(Layers { namespaces: false, ..all() }.missing(), None);
        assert_eq!(Layers { landlock: "partial", ..all() }.missing(), Some("landlock"));
        assert_eq!(Layers { calls: false, ..all() }.missing(), Some("seccomp"));
        assert_eq!(Layers { capabilities: false, ..all() }.missing(), Some("no-capabilities"));
    }

    #[test]
    fn the_list_holds_no_call_that_opens_connects_or_starts_anything() {
        let allowed = allowed(3).unwrap();
        for call in [
            libc::SYS_openat,
            libc::SYS_openat2,
            libc::SYS_socket,
            libc::SYS_connect,
            libc::SYS_execve,
            libc::SYS_ptrace,
            libc::SYS_recvmsg,
            libc::SYS_sendmsg,
            libc::SYS_io_uring_setup,
            libc::SYS_kill,
            libc::SYS_prctl,
            libc::SYS_memfd_create,
        ] {
            assert!(!allowed.contains_key(&call), "call {call}");
        }
        for call in [libc::SYS_read, libc::SYS_write, libc::SYS_mmap, libc::SYS_clone] {
            assert!(!allowed[&call].is_empty(), "call {call} takes any argument");
        }
    }
}
