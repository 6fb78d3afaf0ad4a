/// Why evidence is refused: the names of `adapters/protocol/reason.ts` that evidence about Ethereum can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "adapters/protocol/reason.ts has a sentence for each")]
pub enum Reason {
    Malformed,
    WrongChain,
    ClientFrozen,
    ClientExpired,
    SlotOrder,
    FutureHeader,
    UnknownFork,
    UnknownPeriod,
    StaleHeader,
    NonMonotonicTime,
    InvalidExecutionHeader,
    InvalidExecutionBranch,
    InvalidFinalityBranch,
    InvalidNextCommittee,
    InvalidCommittee,
    InvalidPublicKey,
    InsufficientParticipation,
    InvalidSignature,
    ConflictingHeader,
    NoConflict,
    UnknownHeight,
    InvalidAncestry,
    InvalidAccountProof,
    InvalidStorageProof,
    ValueAbsent,
    ValuePresent,
    ValueMismatch,
}

impl Reason {
    /// The name as all languages know it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "MALFORMED",
            Self::WrongChain => "WRONG_CHAIN",
            Self::ClientFrozen => "CLIENT_FROZEN",
            Self::ClientExpired => "CLIENT_EXPIRED",
            Self::SlotOrder => "SLOT_ORDER",
            Self::FutureHeader => "FUTURE_HEADER",
            Self::UnknownFork => "UNKNOWN_FORK",
            Self::UnknownPeriod => "UNKNOWN_PERIOD",
            Self::StaleHeader => "STALE_HEADER",
            Self::NonMonotonicTime => "NON_MONOTONIC_TIME",
            Self::InvalidExecutionHeader => "INVALID_EXECUTION_HEADER",
            Self::InvalidExecutionBranch => "INVALID_EXECUTION_BRANCH",
            Self::InvalidFinalityBranch => "INVALID_FINALITY_BRANCH",
            Self::InvalidNextCommittee => "INVALID_NEXT_COMMITTEE",
            Self::InvalidCommittee => "INVALID_COMMITTEE",
            Self::InvalidPublicKey => "INVALID_PUBLIC_KEY",
            Self::InsufficientParticipation => "INSUFFICIENT_PARTICIPATION",
            Self::InvalidSignature => "INVALID_SIGNATURE",
            Self::ConflictingHeader => "CONFLICTING_HEADER",
            Self::NoConflict => "NO_CONFLICT",
            Self::UnknownHeight => "UNKNOWN_HEIGHT",
            Self::InvalidAncestry => "INVALID_ANCESTRY",
            Self::InvalidAccountProof => "INVALID_ACCOUNT_PROOF",
            Self::InvalidStorageProof => "INVALID_STORAGE_PROOF",
            Self::ValueAbsent => "VALUE_ABSENT",
            Self::ValuePresent => "VALUE_PRESENT",
            Self::ValueMismatch => "VALUE_MISMATCH",
        }
    }
}
