//! What a call is refused with. The text begins with the reason.
use core::fmt;
use ethereum_verifier::Reason;

pub enum Error {
    /// The evidence breaks a rule.
    Refused(Reason),
    /// The message is not what it should be (`MALFORMED`), and what of it.
    Malformed(&'static str),
    /// Not about evidence.
    Unsupported(&'static str),
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Refused(reason) => out.write_str(reason.name()),
            Self::Malformed(what) => write!(out, "MALFORMED: {what}"),
            Self::Unsupported(what) => write!(out, "UNSUPPORTED: {what}"),
        }
    }
}
