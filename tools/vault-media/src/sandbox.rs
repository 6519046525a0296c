//! The confinement: what the worker gives up before it reads the first byte.
//!
//! Limits on memory, descriptors, files and core dumps; Landlock without a single path and without
//! network; a list of the system calls that parsing and arithmetic need, everything else is
//! refused. What a kernel cannot enforce is named, never passed over. The order matters: limits,
//! no new privileges, Landlock, then the list, which would refuse the others.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus,
    Scope,
};
use rustix::process::{DumpableBehavior, Resource, Rlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};
use std::collections::BTreeMap;

/// Address space: decoding 8K with two threads stays below 1.5 GiB; a bomb stops here.
const ADDRESS_SPACE_BYTES: u64 = 3 << 30;

/// Descriptors: the three of every program and the copy of the socket, with room.
const DESCRIPTORS: u64 = 16;

/// Processor time, in seconds, over all orders of this worker: a day.
const PROCESSOR_SECONDS: u64 = 24 * 3_600;

/// What was enforced.
pub(crate) struct Layers {
    limits: bool,
    privileges: bool,
    landlock: &'static str,
    calls: bool,
}

impl Layers {
    /// For `vaultctl doctor`.
    pub(crate) fn as_json(&self) -> String {
        format!(
            "{{\"landlock\":\"{}\",\"limits\":{},\"no_new_privileges\":{},\"seccomp\":{}}}",
            self.landlock, self.limits, self.privileges, self.calls
        )
    }

    /// The first layer that is missing.
    pub(crate) fn missing(&self) -> Option<&'static str> {
        match self {
            Self { limits: false, .. } => Some("limits"),
            Self { privileges: false, .. } => Some("no-new-privileges"),
            Self { landlock: "full", calls: true, .. } => None,
            Self { calls: false, .. } => Some("seccomp"),
            Self { .. } => Some("landlock"),
        }
    }
}

/// Gives everything up that can be given up on this kernel. `file_bytes` is the most that may be
/// written into a file.
pub(crate) fn enter(file_bytes: u64) -> Layers {
    let limits = limits(file_bytes);
    let privileges = rustix::thread::set_no_new_privs(true).is_ok();
    let landlock = landlock().unwrap_or("none");
    let calls = calls().is_some();
    Layers { limits, privileges, landlock, calls }
}

fn limits(file_bytes: u64) -> bool {
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

/// System calls that parsing, memory and threads need. None of them opens, connects or starts
/// anything; `clone` is bounded to threads of this very process.
const CALLS: &[i64] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_recvfrom,
    libc::SYS_sendto,
    libc::SYS_recvmsg,
    libc::SYS_sendmsg,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_lseek,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
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
    libc::SYS_tgkill,
];

fn calls() -> Option<()> {
    let architecture = std::env::consts::ARCH.try_into().ok()?;
    let mut allowed: BTreeMap<i64, Vec<SeccompRule>> =
        CALLS.iter().map(|call| (*call, Vec::new())).collect();
    let thread = u64::from(libc::CLONE_THREAD.unsigned_abs());
    let thread =
        SeccompCondition::new(0, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(thread), thread);
    allowed.insert(libc::SYS_clone, vec![SeccompRule::new(vec![thread.ok()?]).ok()?]);
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
